import { isOwnedHost } from './hosts.ts';

/** What is typed on a keyboard: all of it is seen. */
const PLAIN = /^[\x20-\x7E]*$/;
// Strings, because V8 compiles a literal when it loads the file, and takes long for the properties of characters.
/** Characters nobody sees, such as marks of the text's direction, which come along when something is copied. */
const INVISIBLE = String.raw`[\p{Cf}\uFE00-\uFE0F]`;
/**
 * What ends an address in running text, and what may follow it there; `\x60` is a backtick. Other scripts have
 * punctuation of their own.
 */
const WORD_BREAK = String.raw`(?:[\s<>()[\]{}"'\x60,;|*]|(?![\x21-\x7E])[\p{P}\p{S}])+`;
const PUNCTUATION = /[.!?:]+$/;
/** A scheme that was there already when somebody typed one in front. */
const DOUBLED_SCHEME = /^(?:https?:\/{0,2})+(?=https?:\/\/)/i;
/** A scheme that has lost its colon, which would be a host. */
const SCHEME_WITHOUT_COLON = /^(https?)(?=\/\/)/i;
/** An address in the path of another one, up to what Proofpoint puts behind it and for a `#`. */
const IN_PATH = /https?:\/\/[^*]+?(?=__;|\*|$)/i;
/** A label without a space behind it, such as `URL:` or `sso_start_url=`. */
const LABEL = /^(?:(?!https?:\/\/).)*?(?=https?:\/\/)|^[\w-]+[:=](?=[a-z])/i;
/** `URL` takes brackets and the like for a part of the name. */
const PLAIN_HOST = /^[\w.:[\]-]+$/;
const SCHEME = /^https?:\/\//i;

/** The text, without what nobody sees in it. */
export function visibleText(text: string): string {
  return PLAIN.test(text) ? text : text.replaceAll(new RegExp(INVISIBLE, 'gu'), '');
}

/**
 * The addresses in text that was copied whole, such as `Start URL: https://…`, `(https://…)`, `https://https://…` or
 * an email from AWS: those of access portals, else all there are, if there are any. Text that is an address is one.
 * @param text as `visibleText` returns it
 */
export function addressesIn(text: string): readonly string[] {
  const trimmed = text.trim().replace(SCHEME_WITHOUT_COLON, '$1:').replace(DOUBLED_SCHEME, '');
  const beginsWithOne = SCHEME.test(trimmed);
  if (beginsWithOne && !/\s/.test(trimmed) && PLAIN_HOST.test(URL.parse(trimmed)?.hostname ?? '')) {
    return [withoutWrapper(trimmed)];
  }
  const words = trimmed
    .split(new RegExp(WORD_BREAK, 'u'))
    .map((word) => word.replace(LABEL, '').replace(DOUBLED_SCHEME, '').replace(PUNCTUATION, ''))
    .map(withoutWrapper);
  const portals = words.filter(isPortal);
  // What follows a space may be the rest of the address it stands behind: only a portal's is certain to be whole.
  return portals.length > 0 || beginsWithOne ? portals : words.filter(isAddress);
}

/** The portal's address in a link that something, such as an email filter, has put around it. */
function withoutWrapper(address: string): string {
  const url = SCHEME.test(address) ? URL.parse(address) : null;
  if (url === null || isOwnedHost(url.hostname) || url.username !== '' || url.password !== '') {
    return address;
  }
  const inside = [...url.searchParams.values(), ...(IN_PATH.exec(url.pathname) ?? [])];
  return inside.find((value) => SCHEME.test(value) && isPortal(value)) ?? address;
}

function isPortal(word: string): boolean {
  const url = URL.parse(SCHEME.test(word) ? word : `https://${word}`);
  return url !== null && isOwnedHost(url.hostname.replace(/\.$/, ''));
}

function isAddress(word: string): boolean {
  return SCHEME.test(word) && URL.parse(word)?.hostname.includes('.') === true;
}
