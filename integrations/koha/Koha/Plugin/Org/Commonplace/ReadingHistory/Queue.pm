package Koha::Plugin::Org::Commonplace::ReadingHistory::Queue;

# The only SQL of the plugin: the table of events that wait to be sent. What was sent is erased.

use strict;
use warnings;

sub new {
    my ( $class, $args ) = @_;
    return bless { dbh => $args->{dbh}, table => $args->{table} }, $class;
}

sub create {
    my ($self) = @_;
    $self->{dbh}->do(<<"SQL");
CREATE TABLE IF NOT EXISTS $self->{table} (
    id             BIGINT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY,
    event          VARCHAR(8) NOT NULL,
    issue_id       INT NOT NULL,
    borrowernumber INT NULL,
    itemnumber     INT NULL,
    day            DATE NOT NULL,
    due            DATE NULL,
    queued         DATE NOT NULL
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4
SQL
    return;
}

sub drop {
    my ($self) = @_;
    $self->{dbh}->do("DROP TABLE IF EXISTS $self->{table}");
    return;
}

sub add {
    my ( $self, $row ) = @_;
    my @columns = qw( event issue_id borrowernumber itemnumber day due queued );
    $self->{dbh}->do(
        "INSERT INTO $self->{table} (" . join( q{, }, @columns ) . ') VALUES (?, ?, ?, ?, ?, ?, ?)',
        undef, @{$row}{@columns}
    );
    return;
}

# The oldest rows, at most so many, in the order in which they came.
sub oldest {
    my ( $self, $most ) = @_;
    return @{
        $self->{dbh}->selectall_arrayref(
            "SELECT id, event, issue_id, borrowernumber, itemnumber, day, due FROM $self->{table} ORDER BY id LIMIT "
                . int $most,
            { Slice => {} }
        )
    };
}

sub erase {
    my ( $self, @ids ) = @_;
    return unless @ids;
    $self->{dbh}->do( "DELETE FROM $self->{table} WHERE id IN (" . join( q{, }, map { int } @ids ) . ')' );
    return;
}

# Erases what has waited since before that day: a queue of loans is a reading history. Returns how many.
# By the day on which it was queued: an offline check-out and a book drop are told weeks late, with the day on which they were.
sub erase_before {
    my ( $self, $day ) = @_;
    return 0 + $self->{dbh}->do( "DELETE FROM $self->{table} WHERE queued < ?", undef, $day );
}

sub count {
    my ($self) = @_;
    my ($count) = $self->{dbh}->selectrow_array("SELECT COUNT(*) FROM $self->{table}");
    return $count;
}

# One sender at a time, also from two machines. The lock ends with its connection.
sub lock {
    my ($self) = @_;
    my ($held) = $self->{dbh}->selectrow_array( 'SELECT GET_LOCK(?, 0)', undef, $self->{table} );
    return $held ? 1 : 0;
}

sub unlock {
    my ($self) = @_;
    $self->{dbh}->selectrow_array( 'SELECT RELEASE_LOCK(?)', undef, $self->{table} );
    return;
}

1;
