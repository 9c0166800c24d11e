import * as vscode from 'vscode';

import type { Clock } from '../../common/clock.ts';
import type { Disposable } from '../../common/disposable.ts';
import { errorCode } from '../../common/log.ts';
import type { Log } from '../../common/log.ts';
import type { Closable } from '../../common/onDemand.ts';
import { copyText } from '../../roles/copyFormats.ts';
import type { CopyFormat } from '../../roles/copyFormats.ts';
import type { RoleCredentials } from '../../roles/credentials/roleCredentials.ts';

const CLEAR_MS = 60_000;

const FORMATS: readonly {
  readonly format: CopyFormat;
  readonly label: string;
  readonly description: string;
}[] = [
  { format: 'bash', label: 'Bash, Zsh', description: 'export AWS_ACCESS_KEY_ID=…' },
  { format: 'PowerShell', label: 'PowerShell', description: '$Env:AWS_ACCESS_KEY_ID = …' },
  { format: 'fish', label: 'fish', description: 'set -gx AWS_ACCESS_KEY_ID …' },
  { format: 'cmd', label: 'Command Prompt', description: 'set "AWS_ACCESS_KEY_ID=…"' },
  { format: 'dotenv', label: '.env', description: 'AWS_ACCESS_KEY_ID=…' },
  { format: 'json', label: 'JSON', description: '{ "AccessKeyId": … }' },
];

/** Asks for what the credentials are to be pasted into. @returns `undefined` when the user cancels */
export async function chooseFormat(): Promise<CopyFormat | undefined> {
  const chosen = await vscode.window.showQuickPick(FORMATS, {
    title: vscode.l10n.t('Copy Role Credentials'),
    placeHolder: vscode.l10n.t(
      'Choose a format. The credentials end by themselves, and anyone who has them is the role.',
    ),
  });
  return chosen?.format;
}

/** Puts credentials on the clipboard, and takes them off it after a minute, or when this is closed. */
export class CredentialsClipboard implements Closable {
  readonly #clock: Clock;
  readonly #log: Log;
  #copied: { readonly text: string; readonly timer: Disposable } | undefined;

  constructor(clock: Clock, log: Log) {
    this.#clock = clock;
    this.#log = log;
  }

  async copy(format: CopyFormat, credentials: RoleCredentials, region: string | undefined): Promise<void> {
    const text = copyText(format, credentials, region);
    await vscode.env.clipboard.writeText(text);
    this.#copied?.timer.dispose();
    this.#copied = { text, timer: this.#clock.schedule(() => void this.clear(), CLEAR_MS) };
    const time = new Date(credentials.expiration).toLocaleTimeString(vscode.env.language, {
      hour: '2-digit',
      minute: '2-digit',
    });
    void vscode.window.showInformationMessage(
      vscode.l10n.t({
        message:
          "Copied. The credentials end at {0}. AWS SSO clears the clipboard in a minute if they're still on it.",
        args: [time],
        comment: ['{0} is a time of day'],
      }),
    );
  }

  /** Clears the clipboard where it still holds what was copied. Never rejects: a browser may not let it be read. */
  async clear(): Promise<void> {
    const copied = this.#copied;
    this.#copied = undefined;
    copied?.timer.dispose();
    if (copied === undefined) {
      return;
    }
    const { clipboard } = vscode.env;
    try {
      if (isSameText(await clipboard.readText(), copied.text)) {
        await clipboard.writeText('');
      }
    } catch (error) {
      this.#log.warn({ operation: 'clear clipboard', outcome: 'failed', code: errorCode(error) });
    }
  }

  close(): Promise<void> {
    return this.clear();
  }
}

/** Whatever a clipboard does to line ends: Chromium has those of Windows there (its README of `ui/base/clipboard`). */
function isSameText(read: string, written: string): boolean {
  return read.replaceAll('\r\n', '\n') === written;
}
