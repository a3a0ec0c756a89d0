/** Sorts the first `count` of a list in place: quicker than any other way where there are few, and mostly in order. */
export function insertionSort<T>(list: T[], count: number, compare: (a: T, b: T) => number): T[] {
  for (let i = 1; i < count; i++) {
    const value = list[i] as T;
    let at = i;
    for (; at > 0 && compare(list[at - 1] as T, value) > 0; at--) list[at] = list[at - 1] as T;
    list[at] = value;
  }
  return list;
}
