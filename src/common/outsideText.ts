/**
 * What has no place in a line that is shown: controls, line breaks, what turns the direction of text around, what
 * is invisible, lone surrogates, private and unassigned characters (Unicode's general categories C and Z, the
 * property Default_Ignorable_Code_Point, and the blank pattern of Braille). A string, because a literal is compiled when
 * the file is loaded, which takes as long as all the rest of loading the client, and this one is hardly ever needed.
 */
const UNFIT = String.raw`[\p{C}\p{Z}\p{Default_Ignorable_Code_Point}\u2800]+`;

/** How much of a text is read, for each character of it that may be shown. */
const READ_FACTOR = 8;

/** Text of which nothing is unfit: most text is, and this is found out at a tenth of the price. */
const PLAIN = /^(?:[\x21-\x7e]+(?: [\x21-\x7e]+)*)?$/;

/** `text` on one line: a single space replaces whatever cannot be shown there. */
export function oneLine(text: string): string {
  return PLAIN.test(text) ? text : text.replaceAll(new RegExp(UNFIT, 'gu'), ' ').trim();
}

/**
 * Text from outside (a name, a label, a server's words) made fit to show: on one line, at most `maxLength` characters,
 * and without what could hide, reorder or imitate. Letters that look like other letters stay.
 */
export function fitToShow(text: string, maxLength: number): string {
  return cut(oneLine(text.slice(0, maxLength * READ_FACTOR)), maxLength);
}

/** Whether `fitToShow` would leave the text as it is. */
export function isFitToShow(text: string, maxLength: number): boolean {
  return fitToShow(text, maxLength) === text;
}

/** At most `maxLength` characters of `text`, with an ellipsis for the rest. */
export function cut(text: string, maxLength: number): string {
  if (text.length <= maxLength) {
    return text;
  }
  return `${text.slice(0, maxLength - 1).replace(/[\uD800-\uDBFF]$/, '')}…`;
}
