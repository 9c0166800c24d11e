import { l10n } from '../../common/words.ts';
import type { Words } from '../../common/words.ts';
import type { ConnectionProblem } from '../connection.ts';
import type { Fault } from '../connectionsSetting.ts';
import type { Refusal } from './grammar.ts';
import type { SectionFault, SsoSection } from './ssoSection.ts';

/** What the file calls a connection's members. */
const MEMBER_NAMES: Readonly<Record<string, string>> = {
  startUrl: 'sso_start_url',
  region: 'sso_region',
  scopes: 'sso_registration_scopes',
};

/** The AWS CLI refuses the whole file, and every command with it: where, and what to change. */
export function refusalProblem({ kind, line, name = '' }: Refusal, path: string): ConnectionProblem {
  return { entry: l10n.t('Line {0}', line), message: refusalWords(kind, path, line, name) };
}

function refusalWords(kind: Refusal['kind'], path: string, line: number, name: string): Words {
  switch (kind) {
    case 'byteOrderMark':
      return l10n.t(
        'The AWS CLI refuses {0}, which begins with a byte order mark. Save the file as UTF-8 without one.',
        path,
      );
    case 'duplicateSection':
      return l10n.t(
        'The AWS CLI refuses {0}: line {1} has the section [{2}] a second time. Merge the two.',
        path,
        line,
        name,
      );
    case 'duplicateKey':
      return l10n.t(
        'The AWS CLI refuses {0}: line {1} has the key {2} a second time in its section. Remove one of the two.',
        path,
        line,
        name,
      );
    case 'noSection':
      return l10n.t(
        'The AWS CLI refuses {0}: line {1} comes before the first section. Move it into a section, or remove it.',
        path,
        line,
      );
    case 'noValue':
      return l10n.t(
        "The AWS CLI refuses {0}: line {1} is neither a section's header in brackets nor a key with a value. Correct it.",
        path,
        line,
      );
    case 'nestedNoValue':
      return l10n.t(
        'The AWS CLI refuses {0}: line {1} is indented below a key and has no equals sign. Correct it.',
        path,
        line,
      );
    case 'notUtf8':
      return l10n.t("The AWS CLI refuses {0}: line {1} isn't UTF-8. Save the file as UTF-8.", path, line);
  }
}

/** A section that looks like an Identity Center, and gives no connection. */
export function sectionProblem(fault: SectionFault): ConnectionProblem {
  return { entry: fault.entry, message: faultWords(fault) };
}

function faultWords(fault: SectionFault): Words {
  const { path, entry } = fault;
  switch (fault.kind) {
    case 'noStartUrl':
      return l10n.t({
        message: '{0}, {1}: sso_start_url is missing.',
        args: [path, entry],
        comment: ['{0} is a file, {1} a section of it'],
      });
    case 'noRegion':
      return fault.regionIn === undefined
        ? l10n.t({
            message: '{0}, {1}: sso_region is missing.',
            args: [path, entry],
            comment: ['{0} is a file, {1} a section of it'],
          })
        : l10n.t({
            message:
              '{0}, {1}: sso_region is missing. {2} has one, but the AWS CLI needs it in the sso-session.',
            args: [path, entry, fault.regionIn],
            comment: ['{0} is a file, {1} and {2} are sections of it'],
          });
    case 'unknownSession':
      return l10n.t({
        message: "{0}, {1}: There's no [sso-session {2}] in the file.",
        args: [path, entry, fault.session],
        comment: ['{0} is a file, {1} a section of it'],
      });
    case 'conflict':
      return l10n.t({
        message:
          "{0}, {1}: {2} differs from that of [sso-session {3}], so the AWS CLI doesn't use this profile.",
        args: [path, entry, fault.key, fault.session],
        comment: ['{0} is a file, {1} a section of it, {2} a key, such as sso_region'],
      });
    case 'unknownServices':
      return l10n.t({
        message: "{0}, {1}: there's no [services {2}] in the file.",
        args: [path, entry, fault.services],
        comment: ['{0} is a file, {1} a section of it'],
      });
    case 'endpointsDiffer':
      return l10n.t({
        message:
          '{0}, {1}: the profiles {2} and {3} set different endpoints for it. AWS SSO uses those of {2}.',
        args: [path, entry, fault.used, fault.other],
        comment: ['{0} is a file, {1} a section of it'],
      });
    case 'endpointsUnused':
      return l10n.t({
        message:
          '{0}, {1}: {2} sets different endpoints for the same access portal. AWS SSO uses those of {2}.',
        args: [path, entry, fault.used],
        comment: ['{0} is a file, {1} and {2} are sections of it'],
      });
    case 'unreadHeader':
      return l10n.t({
        message: "{0}, {1}: the AWS CLI doesn't read a section with this header. Change it, such as to {2}.",
        args: [path, entry, fault.suggestion],
        comment: ['{0} is a file, {1} a section of it, {2} a section header, such as [profile dev]'],
      });
    case 'sessionInCredentials':
      return l10n.t({
        message:
          "{0}, {1}: the AWS CLI doesn't look for an sso-session in this file. Move the section to the AWS config file.",
        args: [path, entry],
        comment: ['{0} is a file, {1} a section of it'],
      });
  }
}

/** What is wrong with a section's values. */
export function connectionProblems(
  { path, entry, endpoints }: SsoSection,
  faults: readonly Fault[],
): readonly ConnectionProblem[] {
  return faults.map(({ member = '', what }) => {
    // Of a list such as the scopes, the member is one entry: `scopes.0`.
    const { endpointUrl, portalUrl: portalEndpointUrl } = endpoints.names;
    const names: Readonly<Record<string, string>> = { ...MEMBER_NAMES, endpointUrl, portalEndpointUrl };
    const written = names[member.replace(/\..*/, '')];
    return written === undefined
      ? { entry, message: [`${path}, ${entry}: `, what] }
      : { entry, member: written, message: [`${path}, ${entry}, ${written}: `, what] };
  });
}
