export declare function onPath(...names: string[]): string | undefined;
export declare function findRedis(): string | undefined;
export declare function findChromium(): string | undefined;
export declare function findPython(): string | undefined;
export declare function findPostgres(): string | undefined;
export declare function findGenerators(): string | undefined;
