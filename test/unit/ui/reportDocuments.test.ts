import assert from 'node:assert/strict';

import type * as DocumentsModule from '../../../src/ui/diagnostics/reportDocuments.ts';
import { disabledExtensions, executed, loadWithVscode, shownDocuments } from '../support/vscode.ts';

const REPORT = '# AWS SSO Diagnostics\n\nSee https://d-1234567890.awsapps.com/start.\n';

describe('the report of the diagnostics in the editor', () => {
  let documents: DocumentsModule.ReportDocuments;
  before(async () => {
    const module = new URL('../../../src/ui/diagnostics/reportDocuments.ts', import.meta.url);
    const { ReportDocuments } = await loadWithVscode<typeof DocumentsModule>(module);
    documents = new ReportDocuments();
  });
  after(() => documents.dispose());
  beforeEach(() => {
    executed.length = 0;
    shownDocuments.length = 0;
    disabledExtensions.clear();
  });

  it('opens in the Markdown preview', async () => {
    await documents.show(REPORT);
    const [[command, page, preview] = []] = executed as [string, { path: string }, string][];
    assert.deepEqual([command, preview], ['vscode.openWith', 'vscode.markdown.preview.editor']);
    assert.equal(page?.path, '/AWS SSO Diagnostics.md');
    assert.match(documents.provideTextDocumentContent(page as never), /https:<!-- -->/);
    assert.deepEqual(shownDocuments, []);
  });

  it('opens as text where the Markdown extension is disabled, as it is copied', async () => {
    disabledExtensions.add('vscode.markdown-language-features');
    await documents.show(REPORT);
    assert.deepEqual(executed, []);
    const [text] = shownDocuments as { path: string }[];
    assert.equal(text?.path, '/AWS SSO Diagnostics.txt');
    assert.equal(documents.provideTextDocumentContent(text as never), REPORT);
  });
});
