import { connect } from 'mqtt';

/** The floor: MQTT.js at QoS 1 that parses each message and does nothing else. A process of its own. */

const [url = '', prefix = '', out = ''] = process.argv.slice(2);
let handled = 0;
/** Every so many messages one is answered on `out`, so that the delay can be seen; 0: none is. */
let echoEvery = 0;

const client = connect(url, { clientId: 'bench-bare', clean: true });
client.on('message', (topic, payload) => {
  const fix = JSON.parse(payload.toString()) as { tst: number };
  handled += 1;
  if (echoEvery > 0 && handled % echoEvery === 0) {
    const device = topic.slice(topic.lastIndexOf('/') + 1);
    client.publish(out, JSON.stringify({ device, tst: fix.tst }), { qos: 1 });
  }
});
process.on('message', (order: { echoEvery?: number }) => {
  if (order.echoEvery !== undefined) echoEvery = order.echoEvery;
  process.send?.({ handled });
});
process.on('disconnect', () => process.exit(0));
client.subscribe(`${prefix}/#`, { qos: 1 }, (error) => {
  if (error) throw error;
  process.send?.('ready');
});
