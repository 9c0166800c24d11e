import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import * as v from 'valibot';
import type { IdentityCenter } from '../../identity-center/server.ts';
import { listen } from '../../support/listen.ts';

/**
 * How the user answers the sign-ins from now on: as which of the Identity Center's users, or with a no.
 * `later` leaves them waiting.
 */
export const Answer = v.variant('decision', [
  v.object({ decision: v.literal('approve'), userId: v.exactOptional(v.string()) }),
  v.object({ decision: v.picklist(['deny', 'expire', 'later']) }),
]);
export type Answer = v.InferOutput<typeof Answer>;

/** A user who answers every sign-in as soon as its code is out, in tests that have no browser for it. */
export interface ScriptedUser {
  /** A connection's `endpointUrl`: passes everything on to the Identity Center, and sees the codes go by. */
  readonly endpointUrl: string;
  /** Takes an `Answer` as the body of a POST. */
  readonly answerUrl: string;
  close(): Promise<void>;
}

const DeviceAuthorization = v.object({ userCode: v.string() });

/** Puts a user between an extension and its Identity Center. */
export async function startScriptedUser(identityCenter: IdentityCenter): Promise<ScriptedUser> {
  let answer: Answer = { decision: 'approve' };

  async function passOn(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await read(request);
    if (request.url === '/answer') {
      answer = v.parse(Answer, JSON.parse(body));
      response.writeHead(204).end();
      return;
    }
    const passed = await fetch(new URL(request.url ?? '/', identityCenter.url), {
      method: request.method ?? 'GET',
      headers: forwardable(request),
      ...(request.method === 'GET' ? {} : { body }),
      redirect: 'manual',
    });
    const text = await passed.text();
    if (request.url === '/device_authorization' && passed.ok) {
      await answerSignIn(identityCenter, answer, v.parse(DeviceAuthorization, JSON.parse(text)).userCode);
    }
    response.writeHead(passed.status, Object.fromEntries(passed.headers)).end(text);
  }

  const server = createServer((request, response) => {
    passOn(request, response).catch((error: unknown) => {
      console.error('The user between the extension and the Identity Center failed:', error);
      response.destroy();
    });
  });
  const { url, close } = await listen(server);
  return { endpointUrl: url.origin, answerUrl: `${url.origin}/answer`, close };
}

async function answerSignIn(identityCenter: IdentityCenter, answer: Answer, userCode: string): Promise<void> {
  switch (answer.decision) {
    case 'approve':
      return identityCenter.approve(userCode, answer.userId);
    case 'deny':
      return identityCenter.deny(userCode);
    case 'expire':
      return identityCenter.expire(userCode);
    case 'later':
  }
}

function forwardable({ headers }: IncomingMessage): Headers {
  const ofThisHop = new Set(['connection', 'content-length', 'host', 'transfer-encoding']);
  return new Headers(
    Object.entries(headers).flatMap(([name, value]): [string, string][] =>
      ofThisHop.has(name) || value === undefined ? [] : [[name, String(value)]],
    ),
  );
}

async function read(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
}
