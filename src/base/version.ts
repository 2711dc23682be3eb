/** Version of Waymark as it stands in generations and exports; raised with package.json. */
export const version = '0.1.0';
