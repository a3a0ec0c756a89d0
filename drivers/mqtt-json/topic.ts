import type { Payload } from './owntracks.ts';

/** Levels that OwnTracks puts behind the device's own topic. */
const behind = new Set(['event', 'waypoint', 'waypoints', 'cmd', 'status', 'step', 'beacon', 'dump', 'info']);

/** Topics whose device is remembered. */
const remembered = 20_000;

export interface TopicNames {
  /** The device of an OwnTracks payload: `user/device` of the topic (behind `owntracks`), else the tracker id. */
  ownTracks(topic: string | undefined, payload: Payload): string | undefined;
  /** The device that the configured level of the topic names. */
  named(topic: string | undefined): string | undefined;
}

function userAndDevice(topic: string): string {
  const levels = topic.split('/');
  if (levels[0] === 'owntracks') levels.shift();
  if (levels.length > 2 && behind.has(levels.at(-1) ?? '')) levels.pop();
  return levels.slice(-2).join('/');
}

export function topicNames(topicLevel: number | undefined): TopicNames {
  const cache = new Map<string, string | undefined>();
  const lookUp = (topic: string, find: (topic: string) => string | undefined) => {
    if (cache.has(topic)) return cache.get(topic);
    if (cache.size >= remembered) cache.clear();
    const device = find(topic);
    cache.set(topic, device);
    return device;
  };
  const level = (topic: string) => topic.split('/')[(topicLevel ?? 0) - 1] || undefined;
  const named = (topic: string | undefined) =>
    topicLevel === undefined || topic === undefined ? undefined : lookUp(topic, level);
  return {
    named,
    ownTracks(topic, payload) {
      if (topicLevel !== undefined) return named(topic);
      const path = topic ?? (typeof payload.topic === 'string' ? payload.topic : undefined);
      if (path !== undefined) return lookUp(path, userAndDevice);
      return typeof payload.tid === 'string' && payload.tid !== '' ? payload.tid : undefined;
    },
  };
}
