// A foreign central system: the npm package ocpp-rpc in strict mode, which validates everything in both directions.

import { obey, ocpp, say, tellAbout } from './stdio.mjs';

const accepted = { status: 'Accepted' };
const now = () => new Date().toISOString();
let transactions = 0;
let station = null;

const server = new ocpp.RPCServer({ protocols: ['ocpp1.6'], strictMode: true });
server.on('client', (client) => {
    station = client;
    tellAbout(client, {
        BootNotification: () => ({ ...accepted, currentTime: now(), interval: 300 }),
        Heartbeat: () => ({ currentTime: now() }),
        Authorize: () => ({ idTagInfo: accepted }),
        StartTransaction: () => ({ idTagInfo: accepted, transactionId: ++transactions }),
        StopTransaction: () => ({ idTagInfo: accepted }),
        DataTransfer: () => accepted,
    }, {});
});

const listening = await server.listen(0, '127.0.0.1');
say({ port: listening.address().port });
await obey(() => station);
await server.close();
process.exit();
