# The queue's SQL on a real MariaDB or MySQL: KOHA_TEST_DSN='dbi:MariaDB:database=scratch' perl xt/queue.t
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/..";
use DBI;
use Test::More;
use Koha::Plugin::Org::Commonplace::ReadingHistory::Queue;

die "KOHA_TEST_DSN names a database to scribble in.\n" unless $ENV{KOHA_TEST_DSN};

sub open_queue {
    my $dbh = DBI->connect( $ENV{KOHA_TEST_DSN}, $ENV{KOHA_TEST_USER}, $ENV{KOHA_TEST_PASSWORD}, { RaiseError => 1 } );
    return Koha::Plugin::Org::Commonplace::ReadingHistory::Queue->new( { dbh => $dbh, table => 'commonplace_queue_test' } );
}

my $queue = open_queue();
$queue->drop;
$queue->create;
$queue->create;
$queue->add( { event => 'checkout', issue_id => 1, borrowernumber => 5, itemnumber => 6, day => '2026-10-02', due => '2026-11-23', queued => '2026-11-02' } );
$queue->add( { event => 'return', issue_id => 1, borrowernumber => undef, itemnumber => 6, day => '2026-11-20', due => undef, queued => '2026-11-20' } );
is( $queue->count, 2, 'what is added waits' );

my @rows = $queue->oldest(10);
is_deeply( [ map { $_->{event} } @rows ], [qw( checkout return )], 'in the order in which it came' );
is( $rows[0]{day},            '2026-10-02', 'with calendar days' );
is( $rows[1]{borrowernumber}, undef,        'and no patron where there was none' );
is( scalar( my @one = $queue->oldest(1) ), 1, 'as many as are asked for' );

my $elsewhere = open_queue();
ok( $queue->lock,       'one sender takes the lock' );
ok( !$elsewhere->lock,  'another does not get it' );
$queue->unlock;
ok( $elsewhere->lock,   'until it is given back' );

is( $queue->erase_before('2026-11-10'), 1, 'what is too old is erased and counted' );
is( $queue->erase_before('2026-11-10'), 0, 'once' );
$queue->erase( $rows[1]{id} );
is( $queue->count, 0, 'what was sent is erased' );
$queue->drop;

done_testing;
