import * as vscode from 'vscode';

/** The scheme of the report's documents. */
export const REPORT_SCHEME = 'aws-sso-diagnostics';

/** Closes what VS Code has restored of a report: it was never saved, and there is nothing to show any more. */
export function closeRestoredReports(): void {
  const tabs = vscode.window.tabGroups.all.flatMap((group) => group.tabs);
  const restored = tabs.filter(
    ({ input }) =>
      (input instanceof vscode.TabInputCustom || input instanceof vscode.TabInputText) &&
      input.uri.scheme === REPORT_SCHEME,
  );
  if (restored.length > 0) {
    // A tab that stays says itself that there is nothing to show.
    vscode.window.tabGroups.close(restored, true).then(undefined, () => undefined);
  }
}
