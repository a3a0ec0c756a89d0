/** The fences that contain something, sorted, as JSON, after it entered or left one of them. */
export function changeFences(fences: string, name: string, inside: boolean): string {
  const list = JSON.parse(fences) as string[];
  if (list.includes(name) === inside) return fences;
  return JSON.stringify(inside ? [...list, name].sort() : list.filter((other) => other !== name));
}
