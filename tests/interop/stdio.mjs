// How the scripts of this folder are led: one JSON object a line, over stdin and stdout.

import { createRequire } from 'node:module';
import { createInterface } from 'node:readline';

// Unlike import, require looks into NODE_PATH.
export const ocpp = createRequire(import.meta.url)('ocpp-rpc');

export const say = (line) => process.stdout.write(JSON.stringify(line) + '\n');

// Tells every call, every complaint of strict mode and the end of a connection; calls are answered from a table.
export function tellAbout(peer, answers, other) {
    peer.on('strictValidationFailure', ({ method, isCall, outbound, error }) =>
        say({ complaint: `${method}.${isCall ? 'req' : 'conf'}, ${outbound ? 'its own' : 'ours'}: ${error.message}` }));
    peer.on('badMessage', ({ buffer, error }) => say({ complaint: `${buffer}: ${error.message}` }));
    peer.on('disconnect', ({ code }) => say({ closed: code }));
    peer.handle(({ method, params }) => {
        say({ action: method, payload: params });
        return method in answers ? answers[method]() : other;
    });
}

// Lets the peer make each call that stdin asks for ({id, action, payload}) and tells its answer, until stdin ends.
export async function obey(peer) {
    for await (const line of createInterface({ input: process.stdin })) {
        const { id, action, payload } = JSON.parse(line);
        peer().call(action, payload).then(
            (result) => say({ id, result }),
            (error) => say({ id, error: error.rpcErrorCode ?? error.name, sentence: error.message }),
        );
    }
}
