import { partitionOf } from '../oidc/partitions.ts';
import type { PartitionName } from '../oidc/partitions.ts';

export interface ConsoleRole {
  /** As it is stored: without a slash at its end. */
  readonly startUrl: string;
  /** Twelve digits. */
  readonly accountId: string;
  readonly roleName: string;
}

/** Where the console opens. */
export interface ConsoleDestination {
  readonly region: string;
  /** A service's path, such as `s3`; absent for the console's home page. */
  readonly service?: string;
}

const CONSOLE_DOMAINS: Readonly<Partial<Record<PartitionName, string>>> = {
  aws: 'console.aws.amazon.com',
  'aws-cn': 'console.amazonaws.cn',
  'aws-us-gov': 'console.amazonaws-us-gov.com',
  'aws-eusc': 'console.amazonaws-eusc.eu',
};

/**
 * The AWS access portal's own link to the console of a role: the portal asks for a sign-in where the browser has none.
 * There is no secret in it (IAM Identity Center user guide, "Creating shortcut links to AWS Management Console destinations").
 */
export function consoleUrl(
  { startUrl, accountId, roleName }: ConsoleRole,
  destination?: ConsoleDestination,
): string {
  const page = destination && destinationUrl(destination);
  const parameters = new URLSearchParams({
    account_id: accountId,
    role_name: roleName,
    ...(page !== undefined && { destination: page }),
  });
  return `${startUrl}/#/console?${parameters.toString()}`;
}

/** `undefined` in a partition whose console is not known. */
function destinationUrl({ region, service = 'console' }: ConsoleDestination): string | undefined {
  const domain = CONSOLE_DOMAINS[partitionOf(region).name];
  if (domain === undefined) {
    return undefined;
  }
  const url = new URL(`https://${region}.${domain}/`);
  url.pathname = `${service}/home`;
  url.searchParams.set('region', region);
  return url.href;
}
