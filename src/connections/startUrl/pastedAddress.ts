import { isOwnedHost } from './hosts.ts';

/** What ends an address in running text, and what may follow it there. */
const WORD_BREAK = /[\s<>()[\]{}"'`,;|*]+/;
const PUNCTUATION = /[.!?:]+$/;
/** A scheme that was there already when somebody typed one in front. */
const DOUBLED_SCHEME = /^(?:https?:\/{0,2})+(?=https?:\/\/)/i;
const SCHEME = /^https?:\/\//i;

/**
 * The address in text that was copied whole, such as `Start URL: https://…`, `(https://…)`, `https://https://…` or an
 * e-mail from AWS: that of an access portal, else the only one there is. Text without one is returned as it is.
 */
export function addressIn(text: string): string {
  const whole = text.replace(DOUBLED_SCHEME, '');
  if (SCHEME.test(whole)) {
    return whole;
  }
  const words = text
    .split(WORD_BREAK)
    .map((word) => word.replace(DOUBLED_SCHEME, '').replace(PUNCTUATION, ''))
    .filter((word) => word !== '');
  const portals = new Set(words.filter(isPortal));
  const [only, another] = portals.size > 0 ? portals : new Set(words.filter(isAddress));
  return another === undefined ? (only ?? text) : text;
}

function isPortal(word: string): boolean {
  const url = URL.parse(SCHEME.test(word) ? word : `https://${word}`);
  return url !== null && isOwnedHost(url.hostname.replace(/\.$/, ''));
}

function isAddress(word: string): boolean {
  return SCHEME.test(word) && URL.parse(word)?.hostname.includes('.') === true;
}
