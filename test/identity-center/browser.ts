import { request as httpRequest } from 'node:http';
import type { IncomingHttpHeaders } from 'node:http';

/** What a browser without script shows after following all redirects, or the redirect that leaves the server. */
export interface BrowserPage {
  /** Where it ended. For a redirect to another host, that address: nothing was requested there. */
  readonly url: URL;
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly html: string;
}

/**
 * A user's browser, reduced to cookies, redirects and forms, for tests of the pages without a real one. Every
 * `*.localhost` name is 127.0.0.1, as in browsers and unlike in Node.
 */
export class Browser {
  readonly #cookies = new Map<string, { readonly value: string; readonly path: string }>();

  /** Opens `url` and follows its redirects. */
  async open(url: string | URL): Promise<BrowserPage> {
    return this.#load(new URL(url), undefined);
  }

  /** Submits the form of `page`: its inputs as they stand, with `changes` as the user filled them in. */
  async submit(page: BrowserPage, changes: Readonly<Record<string, string>> = {}): Promise<BrowserPage> {
    const action = /<form[^>]*\saction="([^"]*)"/.exec(page.html)?.[1] ?? '';
    return this.#load(new URL(action, page.url), new URLSearchParams({ ...inputs(page.html), ...changes }));
  }

  /** Opens a verification link or an authorization URL and presses **Approve** or **Deny**, as the first user. */
  async decide(url: string | URL, decision: 'approve' | 'deny'): Promise<BrowserPage> {
    let page = await this.open(url);
    if (page.html.includes('id="user-code"')) {
      page = await this.submit(page);
    }
    return this.submit(page, { decision });
  }

  async #load(url: URL, form: URLSearchParams | undefined): Promise<BrowserPage> {
    const page = await this.#request(url, form);
    const { location } = page.headers;
    if (location === undefined) {
      return page;
    }
    const next = new URL(location, url);
    const served = next.port === url.port && isLoopback(next);
    return served ? this.#load(next, undefined) : { ...page, url: next };
  }

  #request(url: URL, form: URLSearchParams | undefined): Promise<BrowserPage> {
    const body = form?.toString();
    return new Promise((resolve, reject) => {
      const request = httpRequest(
        {
          host: isLoopback(url) ? '127.0.0.1' : url.hostname,
          port: url.port,
          path: `${url.pathname}${url.search}`,
          method: body === undefined ? 'GET' : 'POST',
          headers: {
            host: url.host,
            accept: 'text/html',
            cookie: this.#cookiesFor(url),
            ...(body === undefined ? {} : { 'content-type': 'application/x-www-form-urlencoded' }),
          },
        },
        (response) => {
          this.#keepCookies(response.headers['set-cookie'] ?? []);
          let html = '';
          response.setEncoding('utf8');
          response.on('data', (chunk: string) => (html += chunk));
          response.on('error', reject);
          response.on('end', () =>
            resolve({ url, status: response.statusCode ?? 0, headers: response.headers, html }),
          );
        },
      );
      request.on('error', reject);
      request.end(body);
    });
  }

  #cookiesFor(url: URL): string {
    return [...this.#cookies]
      .filter(([, { path }]) => url.pathname.startsWith(path))
      .map(([name, { value }]) => `${name}=${value}`)
      .join('; ');
  }

  #keepCookies(lines: readonly string[]): void {
    for (const line of lines) {
      const [, name, value] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
      if (name !== undefined && value !== undefined) {
        this.#cookies.set(name, { value, path: /;\s*path=([^;]*)/i.exec(line)?.[1] ?? '/' });
      }
    }
  }
}

function inputs(html: string): Record<string, string> {
  const values: Record<string, string> = {};
  for (const [tag] of html.matchAll(/<input[^>]*>/g)) {
    const name = /\sname="([^"]*)"/.exec(tag)?.[1];
    const chosen = !tag.includes('type="radio"') || /\schecked\b/.test(tag);
    if (name !== undefined && chosen) {
      values[name] = /\svalue="([^"]*)"/.exec(tag)?.[1] ?? '';
    }
  }
  return values;
}

function isLoopback({ hostname }: URL): boolean {
  return hostname === '127.0.0.1' || hostname.endsWith('.localhost');
}
