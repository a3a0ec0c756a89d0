import { createServer, type TLSSocket } from 'node:tls';
import { Aedes } from 'aedes';
import type { Batch } from '#flows/wire';
import { topics } from '#flows/wire';
import { openAuthority } from '#hub/pki/authority';

/**
 * What the wire costs by itself: aedes over mutual TLS, which answers every batch as it comes: no signature is looked at,
 * nothing is stored, nobody waits for his turn. Arguments: folder of keys, port.
 */
const [keys = '', port = ''] = process.argv.slice(2);
const { server, certificate } = await openAuthority(keys, ['127.0.0.1']);
const aedes = await Aedes.createBroker({ queueLimit: 20 });
aedes.on('publish', (packet, client) => {
  if (!client || !packet.topic.endsWith('/up')) return;
  const { box, priority, events } = JSON.parse(packet.payload.toString()) as Batch;
  const payload = JSON.stringify({ kind: 'acknowledgement', priority, upto: events.at(-1)?.sequence ?? 0 });
  client.publish(
    { cmd: 'publish', topic: topics.down(box), payload, qos: 0, dup: false, retain: false },
    () => {},
  );
});
const secure = createServer(
  { key: server.key, cert: server.certificate, ca: certificate, requestCert: true, rejectUnauthorized: true },
  (socket: TLSSocket) => {
    socket.on('error', () => socket.destroy());
    aedes.handle(socket);
  },
);
secure.listen(Number(port), '127.0.0.1', () => process.send?.('listening'));
process.on('disconnect', () => process.exit());
