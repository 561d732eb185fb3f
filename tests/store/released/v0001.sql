BEGIN TRANSACTION;
CREATE TABLE alembic_version (
	version_num VARCHAR(32) NOT NULL, 
	CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)
);
INSERT INTO "alembic_version" VALUES('0001');
CREATE TABLE case_identifiers (
	case_number VARCHAR NOT NULL, 
	identifier VARCHAR NOT NULL, 
	CONSTRAINT pk_case_identifiers PRIMARY KEY (case_number, identifier), 
	CONSTRAINT fk_case_identifiers_case_number_cases FOREIGN KEY(case_number) REFERENCES cases (number)
);
INSERT INTO "case_identifiers" VALUES('ABTC-2026-0001','LINXIAOMAN');
INSERT INTO "case_identifiers" VALUES('ABTC-2026-0001','ZHOUWANGSHU');
INSERT INTO "case_identifiers" VALUES('ABTC-2026-0001','林小满');
INSERT INTO "case_identifiers" VALUES('ABTC-2026-0001','CHN30000001');
INSERT INTO "case_identifiers" VALUES('ABTC-2026-0001','EA7654322');
INSERT INTO "case_identifiers" VALUES('ABTC-2026-0001','EA1111111');
INSERT INTO "case_identifiers" VALUES('ABTC-2026-0001','EA7654321');
INSERT INTO "case_identifiers" VALUES('ABTC-2026-0001','周望舒');
CREATE TABLE case_messages (
	case_number VARCHAR NOT NULL, 
	sha256 VARCHAR NOT NULL, 
	CONSTRAINT pk_case_messages PRIMARY KEY (case_number, sha256), 
	CONSTRAINT fk_case_messages_case_number_cases FOREIGN KEY(case_number) REFERENCES cases (number)
);
INSERT INTO "case_messages" VALUES('ABTC-2026-0001','213fff0d01adac23a486f7fbd5ca4d95a266770ac39c7f1270c78c0ee6dc39a4');
CREATE TABLE case_numbers (
	year INTEGER NOT NULL, 
	last INTEGER NOT NULL, 
	CONSTRAINT pk_case_numbers PRIMARY KEY (year)
);
CREATE TABLE case_participants (
	case_number VARCHAR NOT NULL, 
	addr VARCHAR NOT NULL, 
	domain VARCHAR NOT NULL, 
	CONSTRAINT pk_case_participants PRIMARY KEY (case_number, addr), 
	CONSTRAINT fk_case_participants_case_number_cases FOREIGN KEY(case_number) REFERENCES cases (number)
);
INSERT INTO "case_participants" VALUES('ABTC-2026-0001','lin@company.example','company.example');
CREATE TABLE cases (
	number VARCHAR NOT NULL, 
	procedure VARCHAR NOT NULL, 
	variant VARCHAR NOT NULL, 
	state VARCHAR NOT NULL, 
	company VARCHAR NOT NULL, 
	opened_at DATETIME NOT NULL, 
	last_received_at DATETIME NOT NULL, 
	rule_version VARCHAR NOT NULL, 
	body JSON NOT NULL, 
	CONSTRAINT pk_cases PRIMARY KEY (number)
);
INSERT INTO "cases" VALUES('ABTC-2026-0001','new','first_time','awaiting_correction','沈阳晴川机械有限公司','2026-11-23 09:12:00.000000','2026-11-23 09:12:00.000000','rules-1','{"number":"ABTC-2026-0001","procedure":"new","variant":"first_time","state":"awaiting_correction","company":"沈阳晴川机械有限公司","opened_at":"2026-11-23T09:12:00+00:00","first_received_at":"2026-11-23T09:12:00+00:00","last_received_at":"2026-11-23T09:12:00+00:00","rule_version":"rules-1","applicants":[{"key":"a1","name":"林小满","name_pinyin":"LIN, XIAOMAN","passport_no":"EA7654321","card_no":"CHN30000001"},{"key":"a2","name":"周望舒","name_pinyin":"ZHOU WANGSHU","passport_no":"EA7654322","old_passport_no":"EA1111111"}],"participants":[{"addr":"Lin@Company.example","name":"林小满"}],"documents":[{"path":"a/照片.jpg","name":"照片.jpg","sha256":"0000000000000000000000000000000000000000000000000000000000000007","message":"0000000000000000000000000000000000000000000000000000000000000001","received_at":"2026-11-23T09:12:00+00:00","kind":"photo","applicant":"a1","facts":{"sha256":"0000000000000000000000000000000000000000000000000000000000000007","size":10,"format":"jpeg","image":{"width":600,"height":800,"format":"jpeg","mode":"RGB"},"text":{"lines":[{"text":"一行","box":[0,0,5,5],"score":0.5}],"source":"ocr"}}}],"assessment":{"verdict":"correctable","documents":[{"document":{"path":"a/照片.jpg","name":"照片.jpg","sha256":"0000000000000000000000000000000000000000000000000000000000000007","message":"0000000000000000000000000000000000000000000000000000000000000001","received_at":"2026-11-23T09:12:00+00:00","kind":"photo","applicant":"a1","facts":{"sha256":"0000000000000000000000000000000000000000000000000000000000000007","size":10,"format":"jpeg","image":{"width":600,"height":800,"format":"jpeg","mode":"RGB"},"text":{"lines":[{"text":"一行","box":[0,0,5,5],"score":0.5}],"source":"ocr"}}},"outcome":"not_ok","findings":[{"code":"photo.size","measured":{"width":480,"height":640},"required":{"width":600,"height":800}}]}],"missing":[{"kind":"signature","code":"signature.missing","applicant":"a1","tolerable":true}]},"messages":["213fff0d01adac23a486f7fbd5ca4d95a266770ac39c7f1270c78c0ee6dc39a4"]}');
CREATE TABLE events (
	sequence INTEGER NOT NULL, 
	at DATETIME NOT NULL, 
	actor VARCHAR NOT NULL, 
	what VARCHAR NOT NULL, 
	case_number VARCHAR NOT NULL, 
	message VARCHAR NOT NULL, 
	data JSON NOT NULL, 
	previous VARCHAR NOT NULL, 
	hash VARCHAR NOT NULL, 
	CONSTRAINT pk_events PRIMARY KEY (sequence)
);
INSERT INTO "events" VALUES(1,'2026-11-23 09:12:01.000000','machine','case.opened','','0000000000000000000000000000000000000000000000000000000000000001','[["n","1"]]','0000000000000000000000000000000000000000000000000000000000000000','5dc34f3c611d0bea894d80000e6ad6efb674391ba2bb45774ab0e027d50662b8');
CREATE TABLE facts (
	sha256 VARCHAR NOT NULL, 
	version INTEGER NOT NULL, 
	body JSON NOT NULL, 
	CONSTRAINT pk_facts PRIMARY KEY (sha256, version)
);
CREATE TABLE message_refs (
	mailbox VARCHAR NOT NULL, 
	folder VARCHAR NOT NULL, 
	uidvalidity BIGINT NOT NULL, 
	uid BIGINT NOT NULL, 
	message INTEGER NOT NULL, 
	CONSTRAINT pk_message_refs PRIMARY KEY (mailbox, folder, uidvalidity, uid), 
	CONSTRAINT fk_message_refs_message_messages FOREIGN KEY(message) REFERENCES messages (id)
);
INSERT INTO "message_refs" VALUES('office','INBOX',1,1,1);
CREATE TABLE messages (
	id INTEGER NOT NULL, 
	sha256 VARCHAR NOT NULL, 
	received_at DATETIME NOT NULL, 
	size BIGINT NOT NULL, 
	status VARCHAR NOT NULL, 
	disposition VARCHAR, 
	attempts INTEGER NOT NULL, 
	next_try_at DATETIME, 
	claimed_by VARCHAR NOT NULL, 
	claimed_until DATETIME, 
	done_at DATETIME, 
	subject VARCHAR NOT NULL, 
	sender VARCHAR NOT NULL, 
	message_id VARCHAR NOT NULL, 
	message_class VARCHAR NOT NULL, 
	reason VARCHAR NOT NULL, 
	CONSTRAINT pk_messages PRIMARY KEY (id), 
	CONSTRAINT uq_messages_sha256 UNIQUE (sha256)
);
INSERT INTO "messages" VALUES(1,'213fff0d01adac23a486f7fbd5ca4d95a266770ac39c7f1270c78c0ee6dc39a4','2026-11-23 09:12:00.000000',6,'done','case_opened',0,NULL,'',NULL,'2026-11-23 09:12:00.000000','申请新办 ?','lin@company.example','<m1@company.example>','application','');
CREATE TABLE notices (
	id INTEGER NOT NULL, 
	at DATETIME NOT NULL, 
	code VARCHAR NOT NULL, 
	text VARCHAR NOT NULL, 
	case_number VARCHAR NOT NULL, 
	message VARCHAR NOT NULL, 
	closed_at DATETIME, 
	why VARCHAR NOT NULL, 
	CONSTRAINT pk_notices PRIMARY KEY (id)
);
CREATE TABLE outbox (
	id INTEGER NOT NULL, 
	letter VARCHAR NOT NULL, 
	state VARCHAR NOT NULL, 
	mode VARCHAR NOT NULL, 
	recipients JSON NOT NULL, 
	copies JSON NOT NULL, 
	subject VARCHAR NOT NULL, 
	message_id VARCHAR NOT NULL, 
	sha256 VARCHAR NOT NULL, 
	case_number VARCHAR NOT NULL, 
	in_answer_to VARCHAR NOT NULL, 
	queued_at DATETIME NOT NULL, 
	send_after DATETIME NOT NULL, 
	attempts INTEGER NOT NULL, 
	next_try_at DATETIME, 
	sent_at DATETIME, 
	last_answer VARCHAR NOT NULL, 
	rendered_for DATE, 
	CONSTRAINT pk_outbox PRIMARY KEY (id), 
	CONSTRAINT uq_outbox_message_id UNIQUE (message_id)
);
INSERT INTO "outbox" VALUES(1,'correction','waiting','auto','["lin@company.example"]','[]','补正告知','<0@o>','1179d6044e46ad74edf727aa04a28b69a4bed8ec3e6aa04a3b6ef386d60d4c97','ABTC-2026-0001','213fff0d01adac23a486f7fbd5ca4d95a266770ac39c7f1270c78c0ee6dc39a4','2026-11-23 09:12:00.000000','2026-11-23 09:12:00.000000',0,NULL,NULL,'','2026-11-23');
INSERT INTO "outbox" VALUES(2,'correction','ready','auto','["lin@company.example"]','[]','补正告知','<1@o>','4339bd65ce47ea1d78427771c97cb08f952ee518de2acd98d982ec3d390b80d9','ABTC-2026-0001','213fff0d01adac23a486f7fbd5ca4d95a266770ac39c7f1270c78c0ee6dc39a4','2026-11-23 09:12:00.000000','2026-11-23 09:12:00.000000',0,NULL,NULL,'','2026-11-23');
INSERT INTO "outbox" VALUES(3,'correction','sent','auto','["lin@company.example"]','[]','补正告知','<2@o>','bca8875bdc392f592834f20a4db18c2bd1a034df39f237429eae271176585362','ABTC-2026-0001','213fff0d01adac23a486f7fbd5ca4d95a266770ac39c7f1270c78c0ee6dc39a4','2026-11-23 09:12:00.000000','2026-11-23 09:12:00.000000',0,NULL,NULL,'','2026-11-23');
CREATE TABLE outbox_recipients (
	entry INTEGER NOT NULL, 
	addr VARCHAR NOT NULL, 
	queued_at DATETIME NOT NULL, 
	CONSTRAINT pk_outbox_recipients PRIMARY KEY (entry, addr), 
	CONSTRAINT fk_outbox_recipients_entry_outbox FOREIGN KEY(entry) REFERENCES outbox (id)
);
INSERT INTO "outbox_recipients" VALUES(1,'lin@company.example','2026-11-23 09:12:00.000000');
INSERT INTO "outbox_recipients" VALUES(2,'lin@company.example','2026-11-23 09:12:00.000000');
INSERT INTO "outbox_recipients" VALUES(3,'lin@company.example','2026-11-23 09:12:00.000000');
CREATE TABLE program_values (
	"key" VARCHAR NOT NULL, 
	value VARCHAR NOT NULL, 
	CONSTRAINT pk_program_values PRIMARY KEY ("key")
);
INSERT INTO "program_values" VALUES('events:head','1 5dc34f3c611d0bea894d80000e6ad6efb674391ba2bb45774ab0e027d50662b8');
CREATE TABLE readings (
	sha256 VARCHAR NOT NULL, 
	body JSON NOT NULL, 
	CONSTRAINT pk_readings PRIMARY KEY (sha256), 
	CONSTRAINT fk_readings_sha256_messages FOREIGN KEY(sha256) REFERENCES messages (sha256)
);
INSERT INTO "readings" VALUES('213fff0d01adac23a486f7fbd5ca4d95a266770ac39c7f1270c78c0ee6dc39a4','{"sha256":"213fff0d01adac23a486f7fbd5ca4d95a266770ac39c7f1270c78c0ee6dc39a4","size":1234,"subject":"\u7533\u8bf7\u0000\u65b0\u529e \ud800","sender":{"name":"\u6797\u5c0f\u6ee1","addr":"lin@company.example"},"message_id":"<m1@company.example>","new_text":"\u60a8\u597d\u0000"}');
CREATE TABLE texts (
	sha256 VARCHAR NOT NULL, 
	version INTEGER NOT NULL, 
	body JSON, 
	CONSTRAINT pk_texts PRIMARY KEY (sha256, version)
);
CREATE INDEX ix_messages_received_at ON messages (received_at);
CREATE INDEX ix_messages_status_id ON messages (status, id);
CREATE INDEX ix_messages_message_id ON messages (message_id);
CREATE INDEX ix_message_refs_message ON message_refs (message);
CREATE INDEX ix_cases_state ON cases (state);
CREATE INDEX ix_cases_last_received_at ON cases (last_received_at);
CREATE INDEX ix_cases_opened_at ON cases (opened_at);
CREATE INDEX ix_case_participants_domain ON case_participants (domain);
CREATE INDEX ix_case_participants_addr ON case_participants (addr);
CREATE INDEX ix_case_identifiers_identifier ON case_identifiers (identifier);
CREATE INDEX ix_case_messages_sha256 ON case_messages (sha256);
CREATE INDEX ix_outbox_queued_at ON outbox (queued_at);
CREATE INDEX ix_outbox_state_id ON outbox (state, id);
CREATE INDEX ix_outbox_case_number ON outbox (case_number);
CREATE INDEX ix_outbox_recipients_addr_queued_at ON outbox_recipients (addr, queued_at);
CREATE INDEX ix_notices_closed_at ON notices (closed_at);
CREATE INDEX ix_events_case_number ON events (case_number);
COMMIT;
