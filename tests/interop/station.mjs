// A foreign charge point: the npm package ocpp-rpc in strict mode, which validates everything in both directions.
// Its argument is the URL of the central system.

import { obey, ocpp, say, tellAbout } from './stdio.mjs';

const station = new ocpp.RPCClient({
    endpoint: process.argv[2], identity: 'FOREIGN 1', protocols: ['ocpp1.6'], strictMode: true, reconnect: false,
});
tellAbout(station, {
    GetConfiguration: () => ({ configurationKey: [{ key: 'HeartbeatInterval', readonly: false, value: '300' }] }),
    UnlockConnector: () => ({ status: 'Unlocked' }),
    GetLocalListVersion: () => ({ listVersion: 3 }),
    GetDiagnostics: () => ({ fileName: 'log.txt' }),
    UpdateFirmware: () => ({}),
}, { status: 'Accepted' });

await station.connect();
say({ connected: true });
await obey(() => station);
await station.close();
process.exit();
