import * as vscode from 'vscode';

/**
 * Opens a page by its URL, character for character. What is in a `Uri` VS Code decodes and encodes again, after which
 * an `&`, `+`, `#`, `?` or `%` in a parameter means something else; a string it opens as it stands, which its typings
 * do not say (VS Code 1.105 to 1.140). So a `Uri` where that makes no difference, and the string where it does.
 *
 * Its result proves nothing either way (a blocked pop-up is a success, a copied link none): a sign-in waits on.
 */
export function openBrowser(url: string): void {
  const uri = vscode.Uri.parse(url, true);
  const isSame = isSamePage(url, encodeURI(uri.toString(true)));
  void vscode.env.openExternal(isSame ? uri : (url as unknown as vscode.Uri));
}

function isSamePage(a: string, b: string): boolean {
  return comparable(a) === comparable(b);
}

/** Where a URL leads, and with which parameters, however they are encoded. */
function comparable(url: string): string {
  const { origin, pathname, hash, searchParams } = new URL(url);
  return JSON.stringify([origin, pathname, hash, [...searchParams]]);
}
