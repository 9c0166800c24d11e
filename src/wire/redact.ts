import { cut, oneLine } from '../common/outsideText.ts';

/** What stands where a secret stood. */
const REDACTED = '[redacted]';

/** The shortest piece of a secret that counts as one. */
const MIN_PIECE = 8;

/** How much of a text is read, for each character of it that may be shown. */
const READ_FACTOR = 8;

/**
 * A string from outside, fit for a message: one line, at most `maxLength` characters, and without `secrets`, be they
 * as they are, percent-encoded or in other case, whole or in pieces of eight or more characters. A secret in another
 * encoding (Base64, hexadecimal), or with something between its characters, is not found. What is read is bounded
 * first, so that a long text costs no more than a short one. Undefined when nothing is left.
 */
export function sanitize(
  value: string | undefined,
  secrets: readonly string[],
  maxLength: number,
): string | undefined {
  if (value === undefined) {
    return undefined;
  }
  const limit = maxLength * READ_FACTOR;
  const isCut = value.length > limit;
  const clean = redact(oneLine(value.slice(0, limit)), spellings(secrets), isCut);
  return clean === '' ? undefined : cut(clean, maxLength);
}

/**
 * Whether `id`, which has neither blanks nor percent signs, has a secret in it, in whatever case, or a piece of eight or
 * more characters of one.
 */
export function holdsSecret(id: string, secrets: readonly string[]): boolean {
  const lower = id.toLowerCase();
  return secrets.some((each) => {
    const secret = each.toLowerCase();
    return secret.length < MIN_PIECE ? secret !== '' && lower.includes(secret) : sharesPiece(lower, secret);
  });
}

/** Of the parts of this length, one in every `STEP` is enough to have one in each piece. */
const PART = MIN_PIECE / 2;
const STEP = MIN_PIECE - PART + 1;

/** Searches `secret`, which is long, for those few parts of `id`, and for the pieces around one that is there. */
function sharesPiece(id: string, secret: string): boolean {
  for (let at = 0; at + PART <= id.length; at += STEP) {
    if (secret.includes(id.slice(at, at + PART)) && hasPieceAround(id, at, secret)) {
      return true;
    }
  }
  return false;
}

function hasPieceAround(id: string, at: number, secret: string): boolean {
  const last = Math.min(at, id.length - MIN_PIECE);
  for (let from = Math.max(at + PART - MIN_PIECE, 0); from <= last; from += 1) {
    if (secret.includes(id.slice(from, from + MIN_PIECE))) {
      return true;
    }
  }
  return false;
}

/** What percent-encoding leaves as it is (RFC 3986, section 2.3), as most secrets are. */
const UNRESERVED = /^[\w.~-]*$/;

/** The ways in which a secret that was sent comes back. */
function spellings(secrets: readonly string[]): readonly string[] {
  const all = secrets
    .flatMap((secret) =>
      UNRESERVED.test(secret)
        ? [secret]
        : [secret, oneLine(secret), encodeURIComponent(secret.toWellFormed())],
    )
    .filter((secret) => secret !== '')
    .map(lowerCase);
  return [...new Set(all)];
}

function redact(text: string, hidden: readonly string[], isCut: boolean): string {
  const marks = secretMarks(text, hidden);
  // Behind the cut a secret may go on of which too little is left here to know it by.
  const end = isCut ? Math.max(text.length - (MIN_PIECE - 1), 0) : text.length;
  let clean = '';
  for (let at = 0; at < end; at += 1) {
    if (marks[at] !== true) {
      clean += text[at];
    } else if (at === 0 || marks[at - 1] !== true) {
      clean += REDACTED;
    }
  }
  return clean.toWellFormed().trim();
}

/**
 * For each character of `text`, whether it is a part of a secret. Each secret is searched once, since the server
 * chooses how long its own are.
 */
function secretMarks(text: string, hidden: readonly string[]): readonly boolean[] {
  const marks = Array.from({ length: text.length }, () => false);
  const lower = lowerCase(text);
  const places = new Map<string, number[]>();
  for (let at = 0; at + MIN_PIECE <= text.length; at += 1) {
    const piece = lower.slice(at, at + MIN_PIECE);
    const known = places.get(piece);
    if (known === undefined) {
      places.set(piece, [at]);
    } else {
      known.push(at);
    }
  }
  for (const secret of hidden) {
    for (let from = 0; places.size > 0 && from + MIN_PIECE <= secret.length; from += 1) {
      const piece = secret.slice(from, from + MIN_PIECE);
      for (const at of places.get(piece) ?? []) {
        marks.fill(true, at, at + MIN_PIECE);
      }
      places.delete(piece);
    }
  }
  for (const secret of hidden.filter(({ length }) => length < MIN_PIECE)) {
    for (let at = lower.indexOf(secret); at >= 0; at = lower.indexOf(secret, at + 1)) {
      marks.fill(true, at, at + secret.length);
    }
  }
  return marks;
}

/** Nothing else in it changes with case than ASCII letters. */
const PLAIN = /^[\s\x20-\x7e]*$/;

/** ASCII letters only: others may change their length. */
function lowerCase(text: string): string {
  return PLAIN.test(text)
    ? text.toLowerCase()
    : text.replaceAll(/[A-Z]+/g, (letters) => letters.toLowerCase());
}
