import * as v from 'valibot';
import { OidcError } from './errors.ts';

/** An error of the engine's endpoints (RFC 6749 section 5.2, RFC 7591 section 3.2.2). */
const EngineError = v.object({
  error: v.string(),
  error_description: v.exactOptional(v.string(), ''),
});

/** Calls the engine's standard endpoints over the server's own port, as any OAuth client would. */
export class EngineClient {
  readonly #url: string;

  /** @param url the server's origin */
  constructor(url: string) {
    this.#url = url;
  }

  /** @throws OidcError for what the engine refuses */
  postForm<S extends v.GenericSchema>(
    path: string,
    members: Record<string, string>,
    schema: S,
  ): Promise<v.InferOutput<S>> {
    return this.#post(
      path,
      'application/x-www-form-urlencoded',
      new URLSearchParams(members).toString(),
      schema,
    );
  }

  /** @throws OidcError for what the engine refuses */
  postJson<S extends v.GenericSchema>(path: string, body: object, schema: S): Promise<v.InferOutput<S>> {
    return this.#post(path, 'application/json', JSON.stringify(body), schema);
  }

  async #post<S extends v.GenericSchema>(
    path: string,
    contentType: string,
    body: string,
    schema: S,
  ): Promise<v.InferOutput<S>> {
    const response = await fetch(`${this.#url}${path}`, {
      method: 'POST',
      headers: { 'content-type': contentType },
      body,
    });
    const answer: unknown = await response.json();
    if (!response.ok) {
      const { error, error_description } = v.parse(EngineError, answer);
      throw OidcError.from(error, error_description);
    }
    return v.parse(schema, answer);
  }
}
