import type { Problem } from '#flows/fault';
import type { DeviceTimers } from '../driver.ts';
import { faults } from '../faults.ts';
import type { Done, Master } from './master.ts';
import type { Request } from './pdu.ts';
import { maxTcpBytes, readTcp, tcpRequest } from './tcp.ts';

export interface TcpMasterOptions {
  readonly timers: DeviceTimers;
  write(bytes: Uint8Array): void;
  /** For an answer, ms. */
  readonly timeoutMs: number;
  /** An answer to a transaction that nobody waits for any more, or to none. */
  babble(problem: Problem, bytes: Uint8Array): void;
  /** What comes is no Modbus: the connection is of no use. */
  broken(problem: Problem): void;
}

const hopelessAfter = 5;

/** A master over TCP: an answer counts for the transaction that it names, and a late one for none. */
export class TcpMaster implements Master {
  readonly #options: TcpMasterOptions;
  #transaction = 0;
  #exchange: { readonly request: Request; readonly done: Done; readonly cancel: () => void } | undefined;
  #held: Uint8Array = new Uint8Array();
  #silentReads = 0;
  #stopped = false;

  constructor(options: TcpMasterOptions) {
    this.#options = options;
  }

  get hopeless(): boolean {
    return this.#silentReads >= hopelessAfter;
  }

  read(request: Request, done: Done): void {
    if (this.#stopped) return;
    this.#transaction = (this.#transaction + 1) & 0xffff;
    const { timers, timeoutMs } = this.#options;
    const cancel = timers.after(timeoutMs, () => {
      this.#exchange = undefined;
      this.#silentReads++;
      done({ problem: faults.problem('modbus.timeout', { unit: request.unit, ms: timeoutMs }) });
    });
    this.#exchange = { request, done, cancel };
    this.#options.write(tcpRequest(request, this.#transaction));
  }

  data(bytes: Uint8Array): void {
    if (this.#stopped) return;
    this.#held = Buffer.concat([this.#held, bytes]);
    while (this.#held.length >= 8) {
      const length = 6 + (((this.#held[4] as number) << 8) | (this.#held[5] as number));
      if (length > maxTcpBytes || length < 8 || this.#held[2] !== 0 || this.#held[3] !== 0) {
        this.stop();
        this.#options.broken(faults.problem('modbus.foreign', { detail: 'it is no Modbus/TCP' }));
        return;
      }
      if (this.#held.length < length) return;
      const frame = this.#held.subarray(0, length);
      this.#held = this.#held.slice(length);
      this.#frame(frame);
    }
  }

  stop(): void {
    this.#stopped = true;
    this.#exchange?.cancel();
    this.#exchange = undefined;
  }

  #frame(frame: Uint8Array): void {
    const exchange = this.#exchange;
    const transaction = ((frame[0] as number) << 8) | (frame[1] as number);
    if (!exchange || transaction !== this.#transaction) {
      const detail = `transaction ${transaction}, and nobody waits for it`;
      this.#options.babble(faults.problem('modbus.foreign', { detail }), frame.slice());
      return;
    }
    this.#exchange = undefined;
    exchange.cancel();
    this.#silentReads = 0;
    const read = readTcp(exchange.request, transaction, frame);
    if (read === 'more') return; // a whole frame never is
    exchange.done(read instanceof Uint8Array ? { data: read.slice() } : { problem: read });
  }
}
