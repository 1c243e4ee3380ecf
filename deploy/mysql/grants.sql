-- For a MySQL server of your own: each service has a database of its own and makes it itself; this lets it. Compose's own
-- server has a user for each (deploy/image/secrets.ts).
GRANT ALL ON `gateway`.* TO 'vindima'@'%';
GRANT ALL ON `wine`.* TO 'vindima'@'%';
GRANT ALL ON `Pictures`.* TO 'vindima'@'%';
GRANT ALL ON `datasets`.* TO 'vindima'@'%';
GRANT ALL ON `inference`.* TO 'vindima'@'%';
GRANT ALL ON `pricing`.* TO 'vindima'@'%';
