import { l10n } from '../../common/words.ts';
import type { Words } from '../../common/words.ts';

/** What the browser shows when it comes back from the service. */
export interface Outcome {
  readonly kind: 'success' | 'failure' | 'ignored';
  /** One or two sentences; may hold the service's words. */
  readonly text: Words;
}

/** No script, nothing from anywhere else, no framing, no trace in a cache or a referrer. */
export const PAGE_HEADERS: Readonly<Record<string, string>> = {
  'content-type': 'text/html; charset=utf-8',
  'content-security-policy':
    "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  'cache-control': 'no-store',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  connection: 'close',
};

const HEADINGS = {
  success: l10n.t("You're signed in"),
  failure: l10n.t('Sign-in failed'),
  ignored: l10n.t('Nothing to do here'),
} as const;

/** The page, in the colours of VS Code's themes. @param localize says words in the user's language */
export function outcomePage({ kind, text }: Outcome, localize: (words: Words) => string): string {
  const say = (words: Words): string => escapeHtml(localize(words));
  return `<!doctype html>
<html lang="${say(l10n.t({ message: 'en', comment: ['The language code of the translation, such as de'] }))}">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>${say(HEADINGS[kind])} – AWS SSO</title>
<style>
  :root { color-scheme: light dark; --text: #3b3b3b; --back: #f8f8f8; --card: #fff; --mark: ${kind === 'success' ? '#388a34' : '#b5200d'}; }
  @media (prefers-color-scheme: dark) {
    :root { --text: #ccc; --back: #181818; --card: #1f1f1f; --mark: ${kind === 'success' ? '#89d185' : '#f48771'}; }
  }
  body { margin: 0; min-height: 100vh; display: grid; place-items: center; background: var(--back); color: var(--text);
    font: 15px/1.5 "Segoe WPC", "Segoe UI", system-ui, -apple-system, sans-serif; }
  main { max-width: 28rem; margin: 2rem; padding: 2rem; border-radius: 6px; background: var(--card);
    border-top: 3px solid var(--mark); box-shadow: 0 2px 8px #0003; }
  h1 { margin: 0 0 .5rem; font-size: 1.3rem; font-weight: 600; }
  p { margin: 0; overflow-wrap: anywhere; }
</style>
<main>
  <h1>${say(HEADINGS[kind])}</h1>
  <p>${say(text)}</p>
</main>
</html>
`;
}

function escapeHtml(text: string): string {
  return text.replaceAll(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
