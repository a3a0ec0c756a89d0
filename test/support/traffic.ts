import { type TrafficOptions, trafficDefaults } from '#edge/traffic/options';
import { Traffic } from '#edge/traffic/traffic';
import type { RoadNetwork } from '#flows/roads/network';

/** Traffic with nothing planted but what is asked for. */
export function trafficOf(network: RoadNetwork, more: Partial<TrafficOptions>): Traffic {
  const nothing = { convoys: 0, scouts: 0, substitutions: 0, separations: 0, spoofs: 0, gaps: 0, sealed: 0 };
  return new Traffic(network, { ...trafficDefaults, ...nothing, ...more });
}
