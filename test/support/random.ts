export { Random } from '#models/physics/xray/random';
