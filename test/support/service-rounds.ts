import { LedgerConnections } from '../../src/modules/liquidity/guards/ledger-connections.js';
import { ReconciliationLedger } from '../../src/modules/liquidity/snapshots/reconciliation-ledger.js';
import type { Alarms } from '../../src/modules/settlement/alarm-log.js';
import { ReconciliationService } from '../../src/modules/settlement/reconciliation.service.js';
import { SettlementService } from '../../src/modules/settlement/settlement.service.js';
import type { Service } from './given.js';

/** The rounds of a worker, called by the test, beside a service that runs the API only. */
export interface ServiceRounds {
  readonly settlement: SettlementService;
  readonly reconciliation: ReconciliationService;
  readonly explained: ReconciliationLedger;
}

export function roundsOf(service: Service, alarms: Alarms): ServiceRounds {
  const connections = service.app.get(LedgerConnections, { strict: false });
  const explained = new ReconciliationLedger(connections, 15_000);
  const rooms = { ledger: service.ledger, pools: service.registry, chain: service.chain };
  return {
    settlement: new SettlementService(rooms, alarms),
    reconciliation: new ReconciliationService({ ...rooms, ledger: explained }, alarms),
    explained,
  };
}
