export { defaultSettings, settingsSchema, type Settings } from '../domain/settings.ts'
