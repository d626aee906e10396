delete from orderables where source like 'Starter catalogue 2026-11-30%';
