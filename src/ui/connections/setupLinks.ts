import * as vscode from 'vscode';

import type { Disposable } from '../../common/disposable.ts';
import { untilAborted } from '../../common/timeout.ts';
import { isExchangeConnection } from '../../connections/connection.ts';
import type { Connection, InteractiveConnection } from '../../connections/connection.ts';
import type { ConnectionList } from '../../connections/connectionList.ts';
import { isSameIdentityCenter } from '../../connections/identityCenter.ts';
import { parseSetupLink, setupLink } from '../../connections/setupLink.ts';
import type { LinkedConnection } from '../../connections/setupLink.ts';
import { isSameStartUrl } from '../../connections/startUrl/startUrl.ts';
import { DEFAULT_SCOPE } from '../../sessions/scopes.ts';
import { localized } from '../localized.ts';
import { plain, withoutIcons } from '../plainText.ts';
import { saveConnection } from '../settings.ts';
import type { NewConnections } from './newConnections.ts';
import { confirmSetupLink } from './setupLinkDialog.ts';

/** What it takes to open and make setup links. */
export interface SetupLinksParts {
  /** Ours, the authority of our links. */
  readonly extensionId: string;
  readonly connections: Pick<ConnectionList, 'read'>;
  readonly newConnections: NewConnections;
  /** Shows its own result. */
  readonly signIn: (connection: Connection) => Promise<void>;
}

/** Links that set up a connection: opens those of others, and makes them. */
export class SetupLinks implements Disposable {
  readonly #parts: SetupLinksParts;
  readonly #disposal = new AbortController();
  #isAsking = false;

  constructor(parts: SetupLinksParts) {
    this.#parts = parts;
  }

  /**
   * Offers to add the connection that a link names. Whoever made the link, nothing is sent or saved until the user
   * agrees. While they are asked, other links are left alone: a page could open any number of them.
   * @throws Error when the settings cannot be saved; vscode.CancellationError when the user gives up
   */
  async open({ path, query }: vscode.Uri): Promise<void> {
    if (this.#isAsking) {
      return;
    }
    this.#isAsking = true;
    try {
      const parsed = parseSetupLink(path, query);
      if (parsed.ok) {
        await this.#offer(parsed.linked, parsed.ignored);
      } else {
        void vscode.window.showErrorMessage(plain(localized(parsed.problem)));
      }
    } finally {
      this.#isAsking = false;
    }
  }

  async #offer(linked: LinkedConnection, ignored: readonly string[]): Promise<void> {
    const existing = await this.#readConnections();
    const known = existing.find((connection) => isLinked(connection, linked));
    if (known !== undefined) {
      this.#tellExisting(known);
      return;
    }
    const answer = await confirmSetupLink(linked, ignored, existing);
    if (answer === undefined) {
      return;
    }
    const { signal } = this.#disposal;
    const hint = { ...linked, isConfirmed: true } as const;
    const connection = await this.#parts.newConnections.ask(hint, existing, [DEFAULT_SCOPE], signal);
    // That took its time, and another window may have added it.
    const now = await this.#readConnections();
    const same = now.find((candidate) => isSameIdentityCenter(candidate, connection));
    if (same === undefined) {
      await untilAborted(signal, saveConnection(connection));
    }
    if (answer === 'signIn') {
      // Not waited for: another link may be opened meanwhile.
      void this.#parts.signIn(same ?? connection);
    } else if (same === undefined) {
      this.#offerSignIn(connection, addedText(connection));
    } else {
      this.#tellExisting(same);
    }
  }

  #tellExisting(connection: Connection): void {
    const text = vscode.l10n.t({
      message: "You already have this IAM Identity Center. It's the connection {0}.",
      args: [connection.name],
      comment: ['{0} is the name of a connection'],
    });
    this.#offerSignIn(connection, text);
  }

  /** Nobody waits until it is read. */
  #offerSignIn(connection: Connection, text: string): void {
    const signIn = vscode.l10n.t('Sign In');
    const asked = vscode.window.showInformationMessage(plain(text), signIn);
    void asked.then((answer) => (answer === signIn ? this.#parts.signIn(connection) : undefined));
  }

  async #readConnections(): Promise<readonly Connection[]> {
    const { connections } = await untilAborted(this.#disposal.signal, this.#parts.connections.read());
    return connections.map(({ connection }) => connection);
  }

  /** Puts the link for a connection on the clipboard, the one that the user chooses if there are several. */
  async copy(): Promise<void> {
    const { l10n, env, window } = vscode;
    const candidates = (await this.#readConnections()).flatMap((connection) => this.#linkable(connection));
    const picked = candidates.length > 1 ? await pickOne(candidates) : candidates[0];
    if (picked !== undefined) {
      await env.clipboard.writeText(picked.link);
      void window.showInformationMessage(plain(copiedText(picked.connection)));
    } else if (candidates.length === 0) {
      void window.showInformationMessage(
        l10n.t(
          "You don't have a connection that a link can set up. It needs a start URL that belongs to AWS or your company. AWS Builder ID doesn't need a link, and a connection that exchanges another account's token is set up in the settings.",
        ),
      );
    }
  }

  #linkable(connection: Connection): readonly LinkableConnection[] {
    if (isExchangeConnection(connection)) {
      return [];
    }
    const link = setupLink(vscode.env.uriScheme, this.#parts.extensionId, connection);
    return link === undefined ? [] : [{ connection, link }];
  }

  dispose(): void {
    this.#disposal.abort(new vscode.CancellationError());
  }
}

interface LinkableConnection {
  readonly connection: InteractiveConnection;
  readonly link: string;
}

async function pickOne(candidates: readonly LinkableConnection[]): Promise<LinkableConnection | undefined> {
  const items = candidates.map((candidate) => ({
    label: withoutIcons(candidate.connection.name),
    description: candidate.connection.region,
    detail: candidate.connection.startUrl,
    candidate,
  }));
  const title = vscode.l10n.t('Copy Setup Link');
  const placeHolder = vscode.l10n.t('Select an IAM Identity Center');
  return (await vscode.window.showQuickPick(items, { title, placeHolder }))?.candidate;
}

function addedText({ name }: Connection): string {
  const comment = ['{0} is the name of a connection'];
  return vscode.l10n.t({ message: '{0} was added to your connections.', args: [name], comment });
}

function copiedText(connection: InteractiveConnection): string {
  const { l10n } = vscode;
  const { name, startUrl: _startUrl, region: _region, ...more } = connection;
  const left = Object.keys(more).join(', ');
  return left === ''
    ? l10n.t({
        message:
          'The setup link for {0} was copied to the clipboard. Whoever opens it is asked before anything is added.',
        args: [name],
        comment: ['{0} is the name of a connection'],
      })
    : l10n.t({
        message:
          'The setup link for {0} was copied to the clipboard without {1}, because a link sets only the name, start URL, and region. Whoever opens it is asked before anything is added.',
        args: [name, left],
        comment: ['{0} is the name of a connection', '{1} is a list of its properties, such as scopes, flow'],
      });
}

/** Whether the connection is certain to be the one that the link means. */
function isLinked(connection: Connection, { startUrl, region }: LinkedConnection): boolean {
  return (
    !isExchangeConnection(connection) &&
    connection.endpointUrl === undefined &&
    isSameStartUrl(connection.startUrl, startUrl) &&
    (region === undefined || region === connection.region)
  );
}
