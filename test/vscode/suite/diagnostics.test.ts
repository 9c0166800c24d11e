import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { eventually } from '../../support/eventually.ts';

const SCHEME = 'aws-sso-diagnostics';

/** The tab of the report that is in front, with how it is shown. */
async function awaitReport(): Promise<vscode.Tab> {
  return eventually('the report is in front', () => {
    const tab = vscode.window.tabGroups.activeTabGroup.activeTab;
    const { input } = tab ?? {};
    return (input instanceof vscode.TabInputCustom || input instanceof vscode.TabInputText) &&
      input.uri.scheme === SCHEME
      ? tab
      : undefined;
  });
}

describe('Run Diagnostics', () => {
  afterEach(() => vscode.commands.executeCommand('workbench.action.closeAllEditors'));

  it('opens its report in the Markdown preview, with nothing to save', async () => {
    await vscode.commands.executeCommand('awsSso.runDiagnostics');
    const { input, isDirty } = await awaitReport();
    assert.ok(input instanceof vscode.TabInputCustom, 'the report is rendered');
    assert.equal(input.viewType, 'vscode.markdown.preview.editor');
    assert.equal(isDirty, false);
  });

  it('copies it, and opens it as text that cannot be changed', async () => {
    await vscode.commands.executeCommand('awsSso.runDiagnostics');
    await awaitReport();
    await vscode.commands.executeCommand('awsSso.copyReport');
    const copied = await vscode.env.clipboard.readText();
    assert.match(copied, /^# AWS SSO Diagnostics\n\n\*\*/);
    await vscode.commands.executeCommand('awsSso.openReportAsText');
    const editor = await eventually('the text is open', () => vscode.window.activeTextEditor);
    assert.equal(editor.document.uri.scheme, SCHEME);
    assert.equal(editor.document.getText(), copied);
    await vscode.commands.executeCommand('type', { text: 'x' });
    assert.equal(editor.document.getText(), copied);
    assert.equal(editor.document.isDirty, false);
  });

  it('shows the newest report in the same page', async () => {
    await vscode.commands.executeCommand('awsSso.runDiagnostics');
    await awaitReport();
    await vscode.commands.executeCommand('awsSso.runDiagnostics');
    await awaitReport();
    const tabs = vscode.window.tabGroups.all.flatMap((group) => group.tabs);
    assert.equal(tabs.length, 1);
  });
});
