import { fitToShow } from '../common/outsideText.ts';

/** More than any message of ours needs. */
const MAX_MESSAGE = 4000;

/**
 * A message as nothing but text, on one line. Notifications render links from any text: names and the service's words
 * must not bring their own.
 */
export function plain(text: string): string {
  return fitToShow(text, MAX_MESSAGE).replaceAll('](', '] (');
}

/** A text without icons, for where VS Code renders some in any text: `$(name)` in the status bar and in pick lists. */
export function withoutIcons(text: string): string {
  return text.replaceAll('$(', '$ (');
}
