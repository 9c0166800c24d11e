/** Whether all of `needed` are among `scopes`. */
export function includesAll(scopes: readonly string[], needed: readonly string[]): boolean {
  return needed.every((scope) => scopes.includes(scope));
}

/** Whether both are the same scopes, in whatever order. */
export function isSameSet(a: readonly string[], b: readonly string[]): boolean {
  return includesAll(a, b) && includesAll(b, a);
}
