export { detailOf, isMissing, readIfThere, replaceFile, syncFolder } from '#firmware-config/files';
