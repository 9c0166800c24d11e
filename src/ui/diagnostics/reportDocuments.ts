import * as vscode from 'vscode';

import { DisposableStore } from '../../common/disposable.ts';
import type { Disposable } from '../../common/disposable.ts';
import { reportPage } from '../../diagnostics/report.ts';
import { REPORT_SCHEME } from './reportTabs.ts';

const MARKDOWN_EXTENSION = 'vscode.markdown-language-features';
/** VS Code's Markdown preview in an editor of its own, which has our document and so our buttons in its title. */
const MARKDOWN_PREVIEW = 'vscode.markdown.preview.editor';

/**
 * The last report, as two read-only documents: a page for the Markdown preview, and the text, to be read where there is
 * no preview, and to be copied.
 */
export class ReportDocuments implements vscode.TextDocumentContentProvider, Disposable {
  readonly #page: vscode.Uri;
  readonly #text: vscode.Uri;
  readonly #changed = new vscode.EventEmitter<vscode.Uri>();
  readonly #disposables = new DisposableStore();
  #report = '';
  readonly onDidChange = this.#changed.event;

  constructor() {
    const title = vscode.l10n.t('AWS SSO Diagnostics');
    this.#page = vscode.Uri.from({ scheme: REPORT_SCHEME, path: `/${title}.md` });
    this.#text = vscode.Uri.from({ scheme: REPORT_SCHEME, path: `/${title}.txt` });
    this.#disposables.add(this.#changed);
    this.#disposables.add(vscode.workspace.registerTextDocumentContentProvider(REPORT_SCHEME, this));
    this.#disposables.add(vscode.commands.registerCommand('awsSso.copyReport', () => this.#copy()));
    this.#disposables.add(vscode.commands.registerCommand('awsSso.openReportAsText', () => this.#openText()));
  }

  provideTextDocumentContent(uri: vscode.Uri): string {
    return uri.path === this.#page.path ? reportPage(this.#report) : this.#report;
  }

  /** Shows a report in place of the last one: rendered, or as text where VS Code's Markdown extension is disabled. */
  async show(report: string): Promise<void> {
    this.#report = report;
    this.#changed.fire(this.#page);
    this.#changed.fire(this.#text);
    if (vscode.extensions.getExtension(MARKDOWN_EXTENSION) === undefined) {
      await this.#openText();
    } else {
      await vscode.commands.executeCommand('vscode.openWith', this.#page, MARKDOWN_PREVIEW);
    }
  }

  async #copy(): Promise<void> {
    await vscode.env.clipboard.writeText(this.#report);
    vscode.window.setStatusBarMessage(`$(check) ${vscode.l10n.t('AWS SSO diagnostics copied')}`, 3000);
  }

  async #openText(): Promise<void> {
    await vscode.window.showTextDocument(this.#text, { preview: false });
  }

  dispose(): void {
    this.#disposables.dispose();
  }
}
