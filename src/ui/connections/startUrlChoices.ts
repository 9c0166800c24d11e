import { BUILDER_ID } from '../../connections/startUrl/builderId.ts';
import { normalizeStartUrl } from '../../connections/startUrl/startUrl.ts';

/** What the list of the start URL offers. */
export type StartUrlChoice =
  | { readonly kind: 'builderId' }
  | { readonly kind: 'startUrl'; readonly startUrl: string }
  /** What is no start URL: the input box says why, and there is room for it. */
  | { readonly kind: 'other'; readonly text: string };

/** The choices for what has been typed so far, or pasted, the likeliest first. */
export function startUrlChoices(typed: string): readonly StartUrlChoice[] {
  const text = typed.trim();
  if (BUILDER_ID.name.toLowerCase().includes(text.toLowerCase())) {
    return [{ kind: 'builderId' }];
  }
  const result = normalizeStartUrl(text);
  return [result.ok ? { kind: 'startUrl', startUrl: result.startUrl } : { kind: 'other', text }];
}
