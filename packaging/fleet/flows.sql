-- The table of nfacctd.conf, and what is asked of it most.
CREATE TABLE flows (
	peer_ip_src     text NOT NULL,
	ip_src          inet NOT NULL,
	ip_dst          inet NOT NULL,
	port_src        integer NOT NULL,
	port_dst        integer NOT NULL,
	ip_proto        text NOT NULL,
	tcp_flags       smallint NOT NULL,
	timestamp_start timestamptz NOT NULL, -- whole seconds
	timestamp_start_residual integer NOT NULL, -- and microseconds
	timestamp_end   timestamptz NOT NULL,
	timestamp_end_residual integer NOT NULL,
	flow_id         numeric NOT NULL,
	end_reason      smallint NOT NULL,
	src_pid         bigint NOT NULL,
	src_process     text NOT NULL,
	src_user        text NOT NULL,
	dst_pid         bigint NOT NULL,
	dst_process     text NOT NULL,
	dst_user        text NOT NULL,
	app_name        text NOT NULL,
	bytes_back      bigint NOT NULL,
	packets_back    bigint NOT NULL,
	packets         bigint NOT NULL,
	bytes           bigint NOT NULL
);
CREATE INDEX flows_start ON flows (timestamp_start);
CREATE INDEX flows_process ON flows (src_process, timestamp_start);

CREATE VIEW by_process AS
	SELECT peer_ip_src AS host, src_process AS process, count(DISTINCT flow_id) AS flows,
	       sum(bytes) AS sent_bytes, sum(bytes_back) AS received_bytes
	FROM flows GROUP BY 1, 2 ORDER BY sum(bytes) + sum(bytes_back) DESC;
