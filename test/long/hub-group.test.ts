import { expect, test } from 'vitest';
import { hubGroup } from '#test/support/hub-group';
import { testKafka } from '#test/support/kafka';
import { postgres, postgresPrograms } from '#test/support/postgres';

const programs = postgresPrograms();
const kafka = programs === undefined ? undefined : await testKafka(3);

test.runIf(kafka !== undefined)(
  `three hubs of which one after the other is killed under load: nothing lost, doubled or out of order, and flows conclude as one (${kafka?.what})`,
  { timeout: 600_000 },
  async () => {
    const database = await postgres(programs ?? '');
    try {
      const { flows, ...result } = await hubGroup({
        brokers: kafka?.brokers ?? [],
        postgres: await database.create(),
        hubs: 3,
        boxes: 12,
        kills: 3,
        eventsPerBox: 480,
      });
      expect(result).toEqual({ lost: 0, doubled: 0, disordered: 0, events: 5760, showing: 3, refused: [] });
      expect(flows).toEqual({ missing: 0, beside: 0, concluded: 7680 });
    } finally {
      await database.stop();
      await kafka?.stop();
    }
  },
);
