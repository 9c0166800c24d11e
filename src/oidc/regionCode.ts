/** Whether the text is written like a region's code. Not a list: AWS opens regions faster than we release. */
export function isRegion(text: string): boolean {
  return /^[a-z]{2,4}(?:-[a-z]{2,}){1,2}-\d{1,2}$/.test(text);
}
