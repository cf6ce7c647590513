import { Controller, Get, Header, Param } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import { Access } from '../../http/access-rule.js';
import { poolNotFound } from '../../http/not-found.js';
import { isUuid } from '../../common/uuid.js';
import { ReconciliationLedger } from '../liquidity/snapshots/reconciliation-ledger.js';
import { ReservationLedger } from '../liquidity/reservation-ledger.js';
import { renderContracts } from '../operations/operations-answer.js';
import type { PoolPageAnswer } from '../operations/operations.schemas.js';

/** What may end a pool's contracts as they are. Only GET, as in `ConsoleController`. */
@ApiExcludeController()
@Controller('console/data')
export class ConsoleContractsController {
  constructor(
    private readonly ledger: ReservationLedger,
    private readonly reconciliations: ReconciliationLedger,
  ) {}

  @Get('pools/:id/contracts')
  @Access('operate', { page: true })
  @Header('cache-control', 'no-store')
  async contracts(
    @Param('id') id: string,
  ): Promise<Pick<PoolPageAnswer, 'contracts' | 'upgrades'>> {
    const position = isUuid(id) ? await this.ledger.reader.position(id) : null;
    if (!position) throw poolNotFound(id);
    const [lifetimes, upgrades] = await Promise.all([
      this.reconciliations.lifetimes(id),
      this.reconciliations.proposals(id),
    ]);
    return renderContracts(lifetimes, upgrades, position);
  }
}
