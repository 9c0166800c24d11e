import { fitToShow } from '../common/outsideText.ts';
import { l10n } from '../common/words.ts';
import type { Words } from '../common/words.ts';
import type { InteractiveConnection } from './connection.ts';
import { linkedConnectionSchema } from './connectionSchema.ts';
import { parseWith } from './connectionsSetting.ts';
import { BUILDER_ID, isBuilderId } from './startUrl/builderId.ts';

/** What a setup link says of a connection: all that one can set. */
export interface LinkedConnection {
  /** As `normalizeStartUrl` returns it, never on loopback. */
  readonly startUrl: string;
  readonly region?: string;
  readonly name?: string;
}

/** A link that was read, or one sentence on what is wrong with it. */
export type ParsedSetupLink =
  | {
      readonly ok: true;
      readonly linked: LinkedConnection;
      /** Parameters that no link can set, fit to show. */
      readonly ignored: readonly string[];
    }
  | { readonly ok: false; readonly problem: Words };

const PATH = '/connect';
const PARAMETERS: readonly string[] = ['startUrl', 'region', 'name'];
/** VS Code reads it itself: whether the link opens a new window. */
const OF_VSCODE = 'windowId';
/** More than any real link has, in characters. */
const MAX_QUERY = 2000;
const MAX_IGNORED = 5;
const MAX_PARAMETER = 40;

/**
 * Reads `vscode://identity-center-tools.aws-sso-auth/connect?startUrl=…&region=…&name=…` by the rules of the settings.
 * @param path and `query` as `vscode.Uri` has them: percent-decoded once
 */
export function parseSetupLink(path: string, query: string): ParsedSetupLink {
  if (path !== PATH) {
    return refused(
      l10n.t({
        message: "AWS SSO can't open links to {0}. A setup link leads to {1}.",
        args: [fitToShow(path, MAX_PARAMETER), PATH],
        comment: ['{0} and {1} are paths, such as /connect'],
      }),
    );
  }
  if (query.length > MAX_QUERY) {
    return refused(l10n.t('This setup link is too long. Ask whoever gave it to you for a new one.'));
  }
  const parameters = new URLSearchParams(query);
  const repeated = PARAMETERS.find((name) => parameters.getAll(name).length > 1);
  if (repeated !== undefined) {
    return refused(
      l10n.t({
        message: 'This setup link contains {0} more than once. Ask whoever gave it to you for a new one.',
        args: [repeated],
        comment: ['{0} is a parameter, such as startUrl'],
      }),
    );
  }
  const given = PARAMETERS.map((name) => [name, parameters.get(name)?.trim() ?? ''] as const);
  const parsed = parseWith(
    linkedConnectionSchema,
    Object.fromEntries(given.filter(([, value]) => value !== '')),
  );
  if ('faults' in parsed) {
    const [fault] = parsed.faults;
    return refused(
      l10n.t({
        message: "This setup link can't be used. {0}: {1}",
        args: [fault?.member ?? PATH, fault?.what ?? ''],
        comment: ['{0} is a parameter, such as startUrl', '{1} is a sentence about it'],
      }),
    );
  }
  if (isBuilderId(parsed.output.startUrl)) {
    return refused(
      l10n.t({
        message: "{0} doesn't need a setup link. Select it when AWS SSO asks for the start URL.",
        args: [BUILDER_ID.name],
        comment: ['{0} is AWS Builder ID'],
      }),
    );
  }
  const names = [...new Set(parameters.keys())].filter(
    (name) => !PARAMETERS.includes(name) && name !== OF_VSCODE,
  );
  const ignored = names.slice(0, MAX_IGNORED).map((name) => fitToShow(name, MAX_PARAMETER));
  return { ok: true, linked: parsed.output, ignored };
}

function refused(problem: Words): ParsedSetupLink {
  return { ok: false, problem };
}

/**
 * The link that sets up the connection for somebody else, in a form for Markdown, HTML and chats. It has no secret.
 * @param scheme of the editor, such as `vscode`
 * @returns `undefined` for a connection that no link can set up: see `parseSetupLink`
 */
export function setupLink(
  scheme: string,
  extensionId: string,
  { startUrl, region, name }: InteractiveConnection,
): string | undefined {
  const members = Object.entries({ startUrl, region, name });
  const decodedOnce = members.map(([member, value]) => `${member}=${withoutReserved(value)}`).join('&');
  const isUsable = parseSetupLink(PATH, decodedOnce).ok;
  const query = members.map(([member, value]) => `${member}=${encoded(withoutReserved(value))}`).join('&');
  return isUsable ? `${scheme}://${extensionId}${PATH}?${query}` : undefined;
}

/** VS Code decodes the whole query before anybody has taken it apart: what has a meaning there needs a layer of its own. */
function withoutReserved(value: string): string {
  return value.replaceAll(/[%&+]/g, encodeURIComponent);
}

/** Readable where that is safe, and without what ends a link in running text. */
function encoded(value: string): string {
  return encodeURIComponent(value)
    .replaceAll('%3A', ':')
    .replaceAll('%2F', '/')
    .replaceAll(/[!'()*~_]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`);
}
