import * as vscode from 'vscode';

import { untilAborted } from '../../common/timeout.ts';
import { isExchangeConnection } from '../../connections/connection.ts';
import type {
  ConfiguredConnection,
  Connection,
  ConnectionProblem,
  InteractiveConnection,
} from '../../connections/connection.ts';
import { isImpossibleAt } from '../../connections/startUrl/builderId.ts';
import { isSelected } from '../../sessions/scopes.ts';
import type { RequestedScopes } from '../../sessions/scopes.ts';
import { answered, withToken } from '../cancellation.ts';
import type { ConnectionList } from '../../connections/connectionList.ts';
import { saveConnection } from '../settings.ts';
import { localized } from '../localized.ts';
import type { NewConnections } from './newConnections.ts';
import { plain, withoutIcons } from '../plainText.ts';
import type { ResolveDomain } from '../signIn/companyDomain.ts';
import type { TargetSources } from '../signIn/signInTarget.ts';

/** Chooses the connection to sign in to. */
export class ConnectionPicker implements TargetSources {
  readonly #list: ConnectionList;
  readonly #newConnections: NewConnections;
  /** Each problem is shown once, not at each sign-in. */
  readonly #told = new Set<string>();

  constructor(list: ConnectionList, newConnections: NewConnections) {
    this.#list = list;
    this.#newConnections = newConnections;
  }

  async readConnections(): Promise<readonly Connection[]> {
    const { connections } = await this.#list.read();
    return connections.map(({ connection }) => connection);
  }

  /** @throws StartUrlError; vscode.CancellationError when the user cancels; the signal's reason when it aborts */
  readonly resolve: ResolveDomain = (startUrl, signal) => this.#newConnections.resolve(startUrl, signal);

  /**
   * The connection to sign in to: the one the scopes select, the only one there is, the one the user picks,
   * or a new one, which is saved in the user's settings.
   * @throws vscode.CancellationError when the user closes a picker; the signal's reason when it aborts
   */
  async choose(requested: RequestedScopes, signal: AbortSignal): Promise<Connection> {
    const { connections, problems } = await untilAborted(signal, this.#list.read());
    this.#tell(problems);
    const candidates = connections.filter(({ connection }) => isSelected(connection, requested));
    const [only] = candidates;
    if (only !== undefined && candidates.length === 1 && isPossible(only.connection, requested)) {
      return only.connection;
    }
    const picked = candidates.length === 0 ? 'new' : await pickConnection(candidates, signal);
    const existing = connections.map(({ connection }) => connection);
    return picked === 'new' ? this.#add(requested, existing, signal) : picked;
  }

  async #add(
    { startUrl, region, wire }: RequestedScopes,
    existing: readonly Connection[],
    signal: AbortSignal,
  ): Promise<InteractiveConnection> {
    const hint = { ...(startUrl !== undefined && { startUrl }), ...(region !== undefined && { region }) };
    const connection = await this.#newConnections.ask(hint, existing, wire, signal);
    if (!existing.includes(connection)) {
      await untilAborted(signal, saveConnection(connection));
    }
    return connection;
  }

  #tell(problems: readonly ConnectionProblem[]): void {
    const news = problems
      .map(({ message }) => localized(message))
      .filter((message) => !this.#told.has(message));
    const [first] = news;
    if (first !== undefined) {
      news.forEach((message) => this.#told.add(message));
      void tellProblem(first, news.length - 1);
    }
  }
}

/** Whether there is no need to offer another connection. */
function isPossible(connection: Connection, { wire }: RequestedScopes): boolean {
  return isExchangeConnection(connection) || !isImpossibleAt(connection.startUrl, wire);
}

async function tellProblem(message: string, others: number): Promise<void> {
  const { l10n } = vscode;
  const text = others === 0 ? message : `${message} ${moreProblems(others)}`;
  const diagnostics = l10n.t('Run Diagnostics');
  if ((await vscode.window.showWarningMessage(plain(text), diagnostics)) === diagnostics) {
    await vscode.commands.executeCommand('awsSso.runDiagnostics');
  }
}

function moreProblems(count: number): string {
  const { l10n } = vscode;
  return count === 1 ? l10n.t('There is 1 more problem.') : l10n.t('There are {0} more problems.', count);
}

async function pickConnection(
  candidates: readonly ConfiguredConnection[],
  signal: AbortSignal,
): Promise<Connection | 'new'> {
  const { l10n } = vscode;
  const items: (vscode.QuickPickItem & { readonly choice: Connection | 'new' })[] = [
    ...candidates.map(({ connection, origin }) => ({
      label: withoutIcons(connection.name),
      description:
        origin === 'awsConfig'
          ? `${connection.region} · ${l10n.t('From the AWS config file')}`
          : connection.region,
      detail: withoutIcons(wayIn(connection)),
      choice: connection,
    })),
    { label: '', kind: vscode.QuickPickItemKind.Separator, choice: 'new' },
    { label: `$(add) ${l10n.t('Add IAM Identity Center…')}`, choice: 'new' },
  ];
  const picked = await withToken(signal, (token) =>
    vscode.window.showQuickPick(
      items,
      {
        title: l10n.t('Sign In to AWS'),
        placeHolder: l10n.t('Select an IAM Identity Center'),
        ignoreFocusOut: true,
      },
      token,
    ),
  );
  return answered(picked, signal).choice;
}

/** Where the user signs in, or whose token does it for them. */
function wayIn(connection: Connection): string {
  return isExchangeConnection(connection)
    ? vscode.l10n.t({
        message: 'Uses your "{0}" account',
        args: [connection.assertionFrom.providerId],
        comment: ['{0} is an authentication provider of VS Code, such as microsoft'],
      })
    : connection.startUrl;
}
