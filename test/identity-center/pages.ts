import { createHash } from 'node:crypto';
import type { User } from './users.ts';

/** A page the user sees: a heading and the markup below it. */
export interface Page {
  readonly heading: string;
  readonly body: Html;
  /** What it tells of the region it is in, where it is the access portal's. */
  readonly region?: string;
}

/** Markup whose inserted values were escaped. */
interface Html {
  readonly html: string;
}

const STYLE = `
  :root { color-scheme: light; font: 16px/1.5 system-ui, sans-serif; }
  body { margin: 0; background: #f2f3f3; color: #16191f; }
  header { background: #232f3e; color: #fff; padding: 0.75rem 1.5rem; font-weight: 600; }
  main { max-width: 28rem; margin: 3rem auto; padding: 1.5rem 2rem 2rem; background: #fff;
    border: 1px solid #d5dbdb; border-radius: 8px; box-shadow: 0 1px 3px rgb(0 28 36 / 20%); }
  h1 { font-size: 1.4rem; margin: 0 0 1rem; }
  label, dt { font-weight: 600; }
  dd { margin: 0 0 0.75rem; }
  code, #user-code { font-family: ui-monospace, monospace; }
  #user-code { box-sizing: border-box; width: 100%; padding: 0.5rem; margin: 0.25rem 0 1rem; font-size: 1.25rem;
    letter-spacing: 0.1em; text-transform: uppercase; border: 1px solid #687078; border-radius: 4px; }
  fieldset { border: 1px solid #d5dbdb; border-radius: 4px; margin: 0 0 1rem; padding: 0.5rem 1rem; }
  fieldset label { display: block; font-weight: 400; padding: 0.15rem 0; }
  button { font: inherit; font-weight: 600; padding: 0.4rem 1.25rem; margin-right: 0.5rem; border-radius: 4px;
    border: 1px solid #545b64; background: #fff; color: #16191f; cursor: pointer; }
  button.primary { border-color: #0972d3; background: #0972d3; color: #fff; }
  .problem { border-left: 4px solid #d91515; background: #fff7f7; padding: 0.5rem 0.75rem; }
`;

/**
 * No script and nothing from elsewhere. Browsers apply `form-action` to what a form redirects to as well, so the
 * loopback address that waits for an authorization code is in it.
 */
const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  `style-src 'sha256-${createHash('sha256').update(STYLE).digest('base64')}'`,
  "form-action 'self' http://127.0.0.1:*",
  "frame-ancestors 'none'",
  "base-uri 'none'",
].join('; ');

/** What every page is sent with. */
export const PAGE_HEADERS = {
  'content-type': 'text/html; charset=utf-8',
  'cache-control': 'no-store',
  'content-security-policy': CONTENT_SECURITY_POLICY,
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
} as const;

/** `page` as an HTML document, to be sent with `PAGE_HEADERS`. */
export function renderPage(page: Page): string {
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width" />
        ${page.region === undefined ? html`` : html`<meta name="region" content="${page.region}" />`}
        <title>AWS IAM Identity Center (embedded)</title>
        ${{ html: `<style>${STYLE}</style>` }}
      </head>
      <body>
        <header>AWS IAM Identity Center (embedded)</header>
        <main>
          <h1>${page.heading}</h1>
          ${page.body}
        </main>
      </body>
    </html> `.html;
}

/** The access portal's page, which names its region as AWS's does. */
export function portalPage(region: string): Page {
  return {
    heading: 'AWS access portal',
    body: html`<p>Sign in from your editor: its code is confirmed here.</p>`,
    region,
  };
}

/** Where the user types the user code, or compares the one that came with the link. */
export function codePage(xsrf: string, userCode: string, problem?: string): Page {
  return {
    heading: 'Authorization requested',
    body: html`${problem === undefined ? html`` : html`<p class="problem" role="alert">${sentence(problem)}</p>`}
      <form method="post" action="/device">
        <input type="hidden" name="xsrf" value="${xsrf}" />
        <input type="hidden" name="confirm" value="yes" />
        <p>If you started this sign-in, check that the code is the one your application shows.</p>
        <label for="user-code">Code</label>
        <input id="user-code" name="user_code" value="${userCode}" required autofocus autocomplete="off" />
        <button class="primary" type="submit">Confirm and continue</button>
      </form>`,
  };
}

/** What the user is asked to allow. */
export interface ConsentRequest {
  readonly clientName: string;
  readonly scopes: readonly string[];
  readonly users: readonly User[];
}

/** Who is asking, for what, and as whom to allow it. */
export function consentPage({ clientName, scopes, users }: ConsentRequest): Page {
  return {
    heading: `Allow ${clientName} to access your data?`,
    body: html`<form method="post">
      <dl>
        <dt>Application</dt>
        <dd id="client-name">${clientName}</dd>
        <dt>Access</dt>
        <dd id="scopes">${scopes.map((scope) => html`<code>${scope}</code> `)}</dd>
      </dl>
      <fieldset>
        <legend>Sign in as</legend>
        ${users.map(
          (user, index) =>
            html`<label>
              <input type="radio" name="user" value="${user.id}" ${{ html: index === 0 ? 'checked' : '' }} />
              ${user.name} (${user.email})
            </label>`,
        )}
      </fieldset>
      <button class="primary" type="submit" name="decision" value="approve">Approve</button>
      <button type="submit" name="decision" value="deny">Deny</button>
    </form>`,
  };
}

/** How it ended. */
export function resultPage(outcome: 'approved' | 'denied'): Page {
  return outcome === 'approved'
    ? {
        heading: 'Request approved',
        body: html`<p id="result">You can close this window and return to your application.</p>`,
      }
    : {
        heading: 'Request denied',
        body: html`<p id="result">The application was not given access. You can close this window.</p>`,
      };
}

/** A request that cannot be carried out, and why. */
export function errorPage(reason: string): Page {
  return {
    heading: 'Something is wrong with this request',
    body: html`<p class="problem" role="alert">${sentence(reason)}</p>`,
  };
}

/** The engine's messages are bare clauses. */
function sentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`.replace(/\.+$/, '.');
}

type Insertion = string | Html | readonly Html[];

function html(strings: TemplateStringsArray, ...values: readonly Insertion[]): Html {
  return { html: String.raw({ raw: strings }, ...values.map(markup)) };
}

function markup(value: Insertion): string {
  if (typeof value === 'string') {
    return value.replaceAll(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
  }
  return 'html' in value ? value.html : value.map((part) => part.html).join('');
}
