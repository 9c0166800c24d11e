/** Notifications render links from any text: names and the service's words must not bring their own. */
export function plain(text: string): string {
  return text.replaceAll('](', '] (');
}
