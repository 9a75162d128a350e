import {
  Catch,
  Inject,
  Injectable,
  type ArgumentsHost,
  type CanActivate,
  type ExecutionContext,
} from '@nestjs/common';
import { BaseExceptionFilter } from '@nestjs/core';
import type { Request, Response } from 'express';
import type { LakiConnect } from 'lakiconnect-middleware';

/** `{ provide: LAKI, useValue: createLakiConnect({ … }) }` */
export const LAKI = Symbol('LakiConnect');

/** `@UseGuards(PreflightGuard)`, on a route with `:merchantId`. */
@Injectable()
export class PreflightGuard implements CanActivate {
  constructor(@Inject(LAKI) private readonly laki: LakiConnect) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const http = context.switchToHttp();
    const { merchantId } = http.getRequest<Request<{ merchantId?: string }>>().params;
    http.getResponse<Response>().locals['merchant'] = await this.laki.check(merchantId);
    return true;
  }
}

/** `{ provide: APP_FILTER, useClass: LakiConnectFilter }` */
@Catch()
export class LakiConnectFilter extends BaseExceptionFilter {
  constructor(@Inject(LAKI) private readonly laki: LakiConnect) {
    super();
  }

  override catch(thrown: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    const { headers, path } = http.getRequest<Request>();
    const { accept, 'accept-language': acceptLanguage } = headers;
    const audience = path.startsWith('/seller/') ? 'merchant' : 'customer';
    const reply = this.laki.translate(thrown, { accept, acceptLanguage, audience });
    if (reply === undefined) return super.catch(thrown, host); // not LakiConnect's

    const response = http.getResponse<Response>();
    if (response.headersSent) return void response.destroy(); // so that nobody takes it for whole
    const { vary = '', ...replaced } = reply.headers;
    response.status(reply.status).set(replaced).vary(vary).end(reply.body);
  }
}
