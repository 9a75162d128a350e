import Koa from 'koa';
import { contract } from './contract.js';
import { koaHarness } from './koa.js';

contract(koaHarness(3, Koa));
