/** Cuts a filter into levels; a shared subscription is its filter: there is one subscriber a box. */
export function filterLevels(filter: string): readonly string[] {
  const levels = filter.split('/');
  return levels[0] === '$share' && levels.length > 2 ? levels.slice(2) : levels;
}

/** Whether a topic matches (MQTT 3.1.1, 4.7): `+` is one level, `#` the rest; neither reaches `$` topics. */
export function topicMatches(filter: readonly string[], topic: readonly string[]): boolean {
  if (topic[0]?.startsWith('$') && (filter[0] === '+' || filter[0] === '#')) return false;
  for (let i = 0; i < filter.length; i++) {
    if (filter[i] === '#') return true;
    if (i >= topic.length || (filter[i] !== '+' && filter[i] !== topic[i])) return false;
  }
  return filter.length === topic.length;
}
