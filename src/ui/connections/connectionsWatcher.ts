import { basename, dirname } from 'node:path';

import * as vscode from 'vscode';

import { onDidChangeSetting } from '../settings.ts';

/** Fires when the user's connections may have changed, in the settings or in the AWS CLI's files. */
export class ConnectionsWatcher implements vscode.Disposable {
  readonly #changed = new vscode.EventEmitter<void>();
  readonly #sources: vscode.Disposable;
  readonly onDidChange = this.#changed.event;

  /** @param awsPaths see `AwsConfigFiles` */
  constructor(awsPaths: readonly string[]) {
    const tell = (): void => this.#changed.fire();
    this.#sources = vscode.Disposable.from(
      ...awsPaths.flatMap((path) => watchFile(path, tell)),
      onDidChangeSetting('connections', tell),
    );
  }

  dispose(): void {
    this.#sources.dispose();
    this.#changed.dispose();
  }
}

function watchFile(path: string, tell: () => void): readonly vscode.Disposable[] {
  const folder = vscode.Uri.file(dirname(path));
  const file = vscode.workspace.createFileSystemWatcher(new vscode.RelativePattern(folder, basename(path)));
  return [file, file.onDidChange(tell), file.onDidCreate(tell), file.onDidDelete(tell)];
}
