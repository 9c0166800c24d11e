import { basename, dirname } from 'node:path';

import * as vscode from 'vscode';

import { onDidChangeSetting } from './connectionSettings.ts';

/** Tells when the person's connections may have changed, in the settings or in the AWS CLI's configuration. */
export class ConnectionsWatcher implements vscode.Disposable {
  readonly #changed = new vscode.EventEmitter<void>();
  readonly #sources: vscode.Disposable;
  readonly onDidChange = this.#changed.event;

  /** @param awsConfigPath see `AwsConfigFile` */
  constructor(awsConfigPath: string) {
    const folder = vscode.Uri.file(dirname(awsConfigPath));
    const file = vscode.workspace.createFileSystemWatcher(
      new vscode.RelativePattern(folder, basename(awsConfigPath)),
    );
    const tell = (): void => this.#changed.fire();
    this.#sources = vscode.Disposable.from(
      file,
      file.onDidChange(tell),
      file.onDidCreate(tell),
      file.onDidDelete(tell),
      onDidChangeSetting('connections', tell),
    );
  }

  dispose(): void {
    this.#sources.dispose();
    this.#changed.dispose();
  }
}
